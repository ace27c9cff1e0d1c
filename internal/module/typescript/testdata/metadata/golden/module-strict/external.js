var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
var _a;
import { D } from './decorate.js';
import { inner, Label, Model, Round, Size } from 'models';
import * as models from 'models';
import { Real } from 'plain';
let External = class External {
    constructor(a, b, c, d, e, f, g, h, i, j, k, l) { }
    a(a, b, c, d, e) { return null; }
    b;
    c;
};
__decorate([
    D(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [models.Model, Object, Number, Object, Object]),
    __metadata("design:returntype", Promise)
], External.prototype, "a", null);
__decorate([
    D(),
    __metadata("design:type", Object)
], External.prototype, "b", void 0);
__decorate([
    D(),
    __metadata("design:type", Model)
], External.prototype, "c", void 0);
External = __decorate([
    D(),
    __metadata("design:paramtypes", [Model, Object, Number, String, String, Array, Function, Number, String, Round, inner.Deep, Object])
], External);
export { External };
export class Untyped {
    a(a) { return new Real(); }
}
__decorate([
    D(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [typeof (_a = typeof Real !== "undefined" && Real) === "function" ? _a : Object]),
    __metadata("design:returntype", void 0)
], Untyped.prototype, "a", null);
