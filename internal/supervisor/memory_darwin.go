package supervisor

func DropText() {}
