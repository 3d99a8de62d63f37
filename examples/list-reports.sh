bearer_token="Bearer $(printf '%s' "$id:$access_key:$access_secret" | base64 | tr -d '\n')"

curl --location --request GET 'http://127.0.0.1:4146/batch/acme/reports' \
     --header "Content-Type: application/json" \
     --header "Accept: application/json" \
     --header "Authorization: $bearer_token"

# Include members' personal spaces
curl --location --request GET 'http://127.0.0.1:4146/batch/acme/reports?include_spaces=all' \
     --header "Content-Type: application/json" \
     --header "Accept: application/json" \
     --header "Authorization: $bearer_token"
