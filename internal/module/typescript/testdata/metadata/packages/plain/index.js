exports.Real = class Real {};
