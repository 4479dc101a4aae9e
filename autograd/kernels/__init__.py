"""Arrays in, arrays out: what is long or tuned. No op, no graph.

Each kernel is one call of its own (:func:`autograd.arrays.dialect.kernel`): a recorder notes one
call, a batch has one rule, and an array of another library gets the plain form that stands beside
the tuned one, and is what the tests compare it with. Only here are arrays written by parts; only
here are there threads, ``out=``, ``where=``, and methods of ufuncs other than reduce.
"""
