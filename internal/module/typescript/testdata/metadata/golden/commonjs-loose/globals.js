"use strict";
var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.Own = exports.Globals = void 0;
const decorate_js_1 = require("./decorate.js");
// Names that only declarations of @types know: here a guard is emitted for each, which gives Object as tsc does.
class Globals {
    a(a, b, c) { return a; }
    b;
}
exports.Globals = Globals;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object, Object]),
    __metadata("design:returntype", Object)
], Globals.prototype, "a", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Object)
], Globals.prototype, "b", void 0);
// Under a class decorator, a class's own name in its metadata is an alias of the class in our output.
let Own = class Own {
    own(a, b, c) { return a; }
};
exports.Own = Own;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Own, Own, Array]),
    __metadata("design:returntype", Own)
], Own.prototype, "own", null);
exports.Own = Own = __decorate([
    (0, decorate_js_1.D)()
], Own);
