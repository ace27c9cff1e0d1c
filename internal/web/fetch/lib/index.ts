// fetch and its classes. https://fetch.spec.whatwg.org/
export { Headers } from 'internal:web/fetch/headers';
export { FormData } from 'internal:web/fetch/formdata';
export { Request } from 'internal:web/fetch/request';
export { Response } from 'internal:web/fetch/response';
export { fetch } from 'internal:web/fetch/fetch';
