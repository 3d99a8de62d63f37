require 'base64'
require 'http'

id, access_key, access_secret = ENV.values_at('id', 'access_key', 'access_secret')

decoded_token = "#{id}:#{access_key}:#{access_secret}"
encoded_token = Base64.strict_encode64(decoded_token)
bearer_token  = "Bearer #{encoded_token}"

headers = {
  content_type: 'application/json',
  accept: 'application/json',
  authorization: bearer_token
}

response = HTTP.headers(headers)
               .get('http://127.0.0.1:4146/batch/acme/reports')
puts response

# Include members' personal spaces
response = HTTP.headers(headers)
               .get('http://127.0.0.1:4146/batch/acme/reports?include_spaces=all')
puts response
