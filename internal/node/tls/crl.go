package tls

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"time"
)

// revocations is a list of revoked certificates (RFC 5280, section 5), of version 1 too, which crypto/x509 no longer reads.
type revocations struct {
	list   pkix.CertificateList
	issuer []byte // DER of the name
}

func parseRevocations(text []byte) (*revocations, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "X509 CRL" {
			continue
		}
		r := &revocations{}
		if _, err := asn1.Unmarshal(block.Bytes, &r.list); err != nil {
			return nil, err
		}
		var head struct {
			Version   int `asn1:"optional,default:0"`
			Algorithm pkix.AlgorithmIdentifier
			Issuer    asn1.RawValue
		}
		// Only the head matters: what follows it is in list already.
		var tbs asn1.RawValue
		if _, err := asn1.Unmarshal(r.list.TBSCertList.Raw, &tbs); err != nil {
			return nil, err
		}
		fields := tbs.Bytes
		var err error
		if len(fields) > 0 && fields[0] == asn1.TagInteger {
			if fields, err = asn1.Unmarshal(fields, &head.Version); err != nil {
				return nil, err
			}
		}
		if fields, err = asn1.Unmarshal(fields, &head.Algorithm); err != nil {
			return nil, err
		}
		if _, err = asn1.Unmarshal(fields, &head.Issuer); err != nil {
			return nil, err
		}
		r.issuer = head.Issuer.FullBytes
		return r, nil
	}
	return nil, errors.New("no list of revoked certificates")
}

func (r *revocations) signedBy(issuer *x509.Certificate) bool {
	return issuer.CheckCRLSignature(&r.list) == nil //nolint:staticcheck // the way for lists of version 1
}

func (r *revocations) has(serial *big.Int) bool {
	for _, entry := range r.list.TBSCertList.RevokedCertificates {
		if entry.SerialNumber.Cmp(serial) == 0 {
			return true
		}
	}
	return false
}

// revoked looks a chain up in the lists of its issuers; with one list, every certificate needs one (X509_V_FLAG_CRL_CHECK_ALL).
func (ctx *secureContext) revoked(chain []*x509.Certificate) string {
	if len(ctx.crls) == 0 {
		return ""
	}
	now := time.Now()
	for i, c := range chain {
		issuer := c
		if i+1 < len(chain) {
			issuer = chain[i+1]
		}
		var list *revocations
		for _, l := range ctx.crls {
			if bytes.Equal(l.issuer, c.RawIssuer) && (list == nil || l.list.TBSCertList.ThisUpdate.After(list.list.TBSCertList.ThisUpdate)) {
				list = l
			}
		}
		switch {
		case list == nil:
			return "UNABLE_TO_GET_CRL"
		case !list.signedBy(issuer):
			return "CRL_SIGNATURE_FAILURE"
		case now.Before(list.list.TBSCertList.ThisUpdate):
			return "CRL_NOT_YET_VALID"
		case !list.list.TBSCertList.NextUpdate.IsZero() && now.After(list.list.TBSCertList.NextUpdate):
			return "CRL_HAS_EXPIRED"
		case list.has(c.SerialNumber):
			return "CERT_REVOKED"
		}
	}
	return ""
}
