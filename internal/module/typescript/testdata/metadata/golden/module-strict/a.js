export class Service {
    run() { }
}
export var Color;
(function (Color) {
    Color[Color["Red"] = 0] = "Red";
    Color[Color["Green"] = 1] = "Green";
})(Color || (Color = {}));
export var Level;
(function (Level) {
    Level["Low"] = "low";
    Level["High"] = "high";
})(Level || (Level = {}));
export var Mixed;
(function (Mixed) {
    Mixed[Mixed["A"] = 1] = "A";
    Mixed["B"] = "b";
})(Mixed || (Mixed = {}));
export class Base {
}
export class Box {
    value;
    constructor(value) {
        this.value = value;
    }
}
export var space;
(function (space) {
    class Inside {
    }
    space.Inside = Inside;
})(space || (space = {}));
export default class Fallback {
}
