// node:url: https://nodejs.org/docs/latest-v24.x/api/url.html

import { load } from 'internal:load';
import {
  URL, URLSearchParams, domainToASCII, domainToUnicode, fileURLToPath, fileURLToPathBuffer, pathToFileURL, urlToHttpOptions,
} from 'internal:url';
import { Url, format, parse, resolve, resolveObject } from 'internal:url/legacy';

const { defineProperty } = Object;

const url: any = {
  Url, parse, resolve, resolveObject, format,
  URL, URLPattern: undefined, URLSearchParams, domainToASCII, domainToUnicode,
  pathToFileURL, fileURLToPath, fileURLToPathBuffer, urlToHttpOptions,
};

defineProperty(url, 'URLPattern', {
  configurable: true,
  enumerable: true,
  get() {
    const value = load('internal:url/pattern').URLPattern;
    defineProperty(url, 'URLPattern', { value, configurable: true, enumerable: true, writable: true });
    return value;
  },
  set(value) {
    defineProperty(url, 'URLPattern', { value, configurable: true, enumerable: true, writable: true });
  },
});

export default url;
