FROM	a
	RUN	x	y
 copy  a   b
Env A=b
