// native:url — IDNA by UTS 46, non-transitional, as the URL standard asks for it.

/** "domain to ASCII" with beStrict false; '' for failure. */
export function domainToASCII(domain: string): string;
/** "domain to Unicode"; labels that don't decode stay as they are. */
export function domainToUnicode(domain: string): string;
