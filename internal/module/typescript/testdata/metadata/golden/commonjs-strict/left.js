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
var __param = (this && this.__param) || function (paramIndex, decorator) {
    return function (target, key) { decorator(target, key, paramIndex); }
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.Left = void 0;
const decorate_js_1 = require("./decorate.js");
const right_js_1 = require("./right.js");
let Left = class Left {
    constructor(right, again) { }
};
exports.Left = Left;
exports.Left = Left = __decorate([
    (0, decorate_js_1.D)(),
    __param(0, (0, decorate_js_1.D)()),
    __param(1, (0, decorate_js_1.D)(() => right_js_1.Right)),
    __metadata("design:paramtypes", [right_js_1.Right, right_js_1.Right])
], Left);
