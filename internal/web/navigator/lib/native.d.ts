// native:web/navigator
export function hardwareConcurrency(): number;
