package tls

import (
	"crypto/x509/pkix"
	"fmt"

	"roost/internal/binding"
)

// shortNames are the attribute types of distinguished names as Node shows them (RFC 4519).
var shortNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.5": "serialNumber",
	"1.2.840.113549.1.9.1": "emailAddress", "0.9.2342.19200300.100.1.25": "DC", "2.5.4.9": "street", "2.5.4.17": "postalCode",
}

// names is a distinguished name as an object; what occurs more than once is a list.
func names(attributes []pkix.AttributeTypeAndValue) binding.Result {
	var order []string
	values := map[string][]string{}
	for _, a := range attributes {
		key, ok := shortNames[a.Type.String()]
		if !ok {
			key = a.Type.String()
		}
		if values[key] == nil {
			order = append(order, key)
		}
		values[key] = append(values[key], fmt.Sprint(a.Value))
	}
	var pairs []binding.Result
	for _, key := range order {
		if v := values[key]; len(v) == 1 {
			pairs = append(pairs, binding.String(key), binding.String(v[0]))
		} else {
			pairs = append(pairs, binding.String(key), binding.Strings(v))
		}
	}
	return binding.Object(pairs...)
}
