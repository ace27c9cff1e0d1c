"use strict";
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
var __param = (this && this.__param) || function (paramIndex, decorator) {
    return function (target, key) { decorator(target, key, paramIndex); }
};
var Hidden_1;
var _a, _b;
Object.defineProperty(exports, "__esModule", { value: true });
exports.Derived = exports.NoConstructor = exports.Properties = exports.Aliases = exports.Functions = exports.Lists = exports.Literals = exports.Unions = exports.Enums = exports.Classes = void 0;
const decorate_js_1 = require("./decorate.js");
const a_js_1 = __importStar(require("./a.js"));
const all = __importStar(require("./a.js"));
class Here {
}
const key = Symbol('key');
let Classes = class Classes {
    constructor(a, b, c, d, e, f, g, h, i) { }
    own(b) { return this; }
};
exports.Classes = Classes;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object]),
    __metadata("design:returntype", Object)
], Classes.prototype, "own", null);
exports.Classes = Classes = __decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:paramtypes", [Here, a_js_1.Service, Object, Object, a_js_1.default, a_js_1.Base, a_js_1.Box, Object, void 0])
], Classes);
class Enums {
    a(a, b, c, d, e, f, g) { return a; }
    b(a, b, c, d, e) { return null; }
}
exports.Enums = Enums;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Number, String, Object, Number, String, Number, String]),
    __metadata("design:returntype", Number)
], Enums.prototype, "a", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Number, Number, String, Array]),
    __metadata("design:returntype", String)
], Enums.prototype, "b", null);
class Unions {
    a(a, b, c, d, e, f, g, h) { }
    b(a, b, c, d, e, f, g) { }
    c(a, b, c, d, e, f, g) { }
    d(a, b, c, d, e, f) { }
}
exports.Unions = Unions;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [String, String, Object, String, Number, Boolean, void 0, void 0]),
    __metadata("design:returntype", void 0)
], Unions.prototype, "a", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Here, Here, Object, Object, String, Object, Object]),
    __metadata("design:returntype", void 0)
], Unions.prototype, "b", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Array, Function, void 0, Promise, Date, String, String]),
    __metadata("design:returntype", void 0)
], Unions.prototype, "c", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object, Object, String, void 0, Object]),
    __metadata("design:returntype", void 0)
], Unions.prototype, "d", null);
class Literals {
    a(a, b, c, d, e, f, g, h, i) { }
    b(a, b, c, d, e, f, g, h, i, j) { }
    c(a, b, c) { }
}
exports.Literals = Literals;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [String, Number, Number, Boolean, Boolean, BigInt, BigInt, String, String]),
    __metadata("design:returntype", void 0)
], Literals.prototype, "a", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object, void 0, void 0, Object, Symbol, BigInt, Boolean, Object, Object]),
    __metadata("design:returntype", void 0)
], Literals.prototype, "b", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object, void 0]),
    __metadata("design:returntype", void 0)
], Literals.prototype, "c", null);
class Lists {
    a(a, b, c, d, e, f, g, h) { }
    b(a, b, c, d, e, f, g, h, i, j) { }
    c(a, b, c, d, e, f, g, h) { }
    d(a, b, c, d, e, f) { }
}
exports.Lists = Lists;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Array, Array, Array, Array, Array, Array, Array, Array]),
    __metadata("design:returntype", void 0)
], Lists.prototype, "a", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Map, Set, WeakMap, Date, RegExp, Error, Uint8Array, Buffer, ArrayBuffer, URL]),
    __metadata("design:returntype", void 0)
], Lists.prototype, "b", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Promise, Object, Object, Object, Object, Object, Object, Function]),
    __metadata("design:returntype", void 0)
], Lists.prototype, "c", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [String, Number, Object, Object, Boolean, Object]),
    __metadata("design:returntype", void 0)
], Lists.prototype, "d", null);
class Functions {
    a(a, b, c, d, e, f, g, h) { }
    b(a, b = 1, c = new Here(), d) { return ''; }
    c(...rest) { return Promise.resolve(rest); }
    d(...rest) { }
    e(x) { return true; }
    f(...rest) { }
    g(a) { }
    async h(a) { }
    async i() { return new a_js_1.Service(); }
    *j() { }
    k(untyped, { a }, [b]) { }
    l(x) { }
}
exports.Functions = Functions;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Function, Function, Function, Function, Function, Function, Function, Object]),
    __metadata("design:returntype", void 0)
], Functions.prototype, "a", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [String, Object, Here, Object]),
    __metadata("design:returntype", String)
], Functions.prototype, "b", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [String]),
    __metadata("design:returntype", Promise)
], Functions.prototype, "c", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Here]),
    __metadata("design:returntype", void 0)
], Functions.prototype, "d", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object]),
    __metadata("design:returntype", Boolean)
], Functions.prototype, "e", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object]),
    __metadata("design:returntype", void 0)
], Functions.prototype, "f", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Number]),
    __metadata("design:returntype", void 0)
], Functions.prototype, "g", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [String]),
    __metadata("design:returntype", Promise)
], Functions.prototype, "h", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", []),
    __metadata("design:returntype", Promise)
], Functions.prototype, "i", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", []),
    __metadata("design:returntype", Object)
], Functions.prototype, "j", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object, Array]),
    __metadata("design:returntype", void 0)
], Functions.prototype, "k", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object]),
    __metadata("design:returntype", void 0)
], Functions.prototype, "l", null);
class Aliases {
    a(a, b, c, d, e, f, g, h) { }
    b(a, b, c, d, e, f) { }
    c(a, b, c, d, e, f, g) { }
    d(a, b, c, d, e, f, g, h, i) { }
    e(a, b, c, d, e, f) { }
    f(a, b, c, d, e) { }
}
exports.Aliases = Aliases;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [String, String, Boolean, void 0, Object, Object, Array, a_js_1.Box]),
    __metadata("design:returntype", void 0)
], Aliases.prototype, "a", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [typeof (_a = typeof V !== "undefined" && V) === "function" ? _a : Object, Object, Object, String, Object, Object]),
    __metadata("design:returntype", void 0)
], Aliases.prototype, "b", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object, void 0, Object, Object, Object, Object]),
    __metadata("design:returntype", void 0)
], Aliases.prototype, "c", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [all.Service, Object, Number, a_js_1.space.Inside, Object, String, all.space.Inside, Object, all.default]),
    __metadata("design:returntype", void 0)
], Aliases.prototype, "d", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Function, Function, Function, String, Function, Object]),
    __metadata("design:returntype", void 0)
], Aliases.prototype, "e", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [String, Here, String, Object, Object]),
    __metadata("design:returntype", void 0)
], Aliases.prototype, "f", null);
class Properties {
    a = '';
    b;
    c;
    static d;
    e;
    f;
    g = 1;
    [_b = key];
    'quoted name';
    get j() { return ''; }
    get k() { return new Here(); }
    set k(value) { }
    set l(value) { }
    static m(a) { return Here; }
    o;
    p;
    q;
    r;
}
exports.Properties = Properties;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", String)
], Properties.prototype, "a", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Here)
], Properties.prototype, "b", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", a_js_1.Service)
], Properties.prototype, "c", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Object)
], Properties.prototype, "e", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Object)
], Properties.prototype, "f", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Object)
], Properties.prototype, "g", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", String)
], Properties.prototype, "h", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Number)
], Properties.prototype, _b, void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Boolean)
], Properties.prototype, "quoted name", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", String)
], Properties.prototype, "i", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", String),
    __metadata("design:paramtypes", [])
], Properties.prototype, "j", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Here),
    __metadata("design:paramtypes", [Here])
], Properties.prototype, "k", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", a_js_1.Service),
    __metadata("design:paramtypes", [a_js_1.Service])
], Properties.prototype, "l", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Array)
], Properties.prototype, "o", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function)
], Properties.prototype, "p", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Array)
], Properties.prototype, "q", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Promise)
], Properties.prototype, "r", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Number)
], Properties, "d", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Here]),
    __metadata("design:returntype", Object)
], Properties, "m", null);
let NoConstructor = class NoConstructor {
};
exports.NoConstructor = NoConstructor;
exports.NoConstructor = NoConstructor = __decorate([
    (0, decorate_js_1.D)()
], NoConstructor);
let Derived = class Derived extends Properties {
    n(a) { }
    i = '';
};
exports.Derived = Derived;
exports.Derived = Derived = __decorate([
    (0, decorate_js_1.D)()
], Derived);
let Hidden = class Hidden {
    static { Hidden_1 = this; }
    constructor(a, b) { }
    static self = Hidden_1;
};
Hidden = Hidden_1 = __decorate([
    (0, decorate_js_1.D)(),
    __param(0, (0, decorate_js_1.D)()),
    __metadata("design:paramtypes", [String, Hidden])
], Hidden);
exports.default = Hidden;
