package supervisor

func dropText() {}
