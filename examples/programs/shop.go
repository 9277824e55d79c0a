// sotto exec-file --output-type json secrets.yaml './shop {}'
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
)

func main() {
	bytes, err := os.ReadFile(os.Args[1]) // a named pipe: it can be read once
	if err != nil {
		log.Fatal(err)
	}
	var secrets struct {
		DB struct{ User, Password string }
	}
	if err := json.Unmarshal(bytes, &secrets); err != nil {
		log.Fatal("the secrets are no JSON") // a message of the package can hold a part of them
	}
	fmt.Printf("go: %s, with a password of %d characters\n", secrets.DB.User, len(secrets.DB.Password))
}
