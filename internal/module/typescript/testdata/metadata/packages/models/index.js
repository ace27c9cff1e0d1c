exports.Model = class Model {};
exports.Size = { Small: 1 };
exports.make = () => {};
