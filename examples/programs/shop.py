# sotto exec-file --output-type json secrets.yaml 'python3 shop.py {}'
import json
import sys

with open(sys.argv[1]) as file:  # a named pipe: it can be read once
    secrets = json.load(file)
db = secrets["db"]
print(f"python: {db['user']}, with a password of {len(db['password'])} characters")
