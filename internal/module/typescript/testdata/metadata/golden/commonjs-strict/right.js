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
exports.Right = void 0;
const decorate_js_1 = require("./decorate.js");
const left_js_1 = require("./left.js");
let Right = class Right {
    constructor(left) { }
    left;
};
exports.Right = Right;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", left_js_1.Left)
], Right.prototype, "left", void 0);
exports.Right = Right = __decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:paramtypes", [left_js_1.Left])
], Right);
