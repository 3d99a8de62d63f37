from base64 import b64encode
from os import environ
from urllib.request import Request, urlopen

id, access_key, access_secret = (environ[name] for name in ("id", "access_key", "access_secret"))

decoded_token = id + ":" + access_key + ":" + access_secret
encoded_token = b64encode(decoded_token.encode()).decode()
bearer_token = "Bearer " + encoded_token

request = Request("http://127.0.0.1:4146/batch/acme/reports")
request.add_header("Authorization", bearer_token)
request.add_header("Accept", "application/json")
request.add_header("Content-Type", "application/json")

response = urlopen(request)
response_body = response.read()

print(response_body.decode())

# Include members' personal spaces
request.full_url = "http://127.0.0.1:4146/batch/acme/reports?include_spaces=all"

print(urlopen(request).read().decode())
