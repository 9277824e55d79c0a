#!/bin/sh
# The values reach helm through a named pipe, which can be read once, and helm is not started without them.
sotto exec-file --filename values.yaml values.enc.yaml 'helm upgrade --install shop ./chart -f {}'
