package crypto

import "roost/internal/binding"

var x509Natives = binding.Natives{}
