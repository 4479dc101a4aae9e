"""The heart: what a graph is, how gradients go through it, what an op is. Knows no op, no Tensor.

Read graph.py, then sweep.py, then function.py: in one sitting they are all of it. After them, as
you like: formula.py (how an op's signatures are read), fused.py (one backward for all inputs),
apply.py (the text that is generated for an op), elementwise.py, guard.py (ops from outside),
faults.py (bad arguments, told in our words), context.py (PyTorch's form of an op), backward.py
(where gradients start and end), views.py and versions.py (what changes in place do), hooks.py,
grad_mode.py, dispatch.py, names.py. What an error knows of the user's program: lines.py (which line
ran), statements.py (what stands on it), variables.py (who holds a thing), places.py (the last
sentence of an error); with these misuse.py (changed or freed too early), cuts.py and
disconnection.py (why no gradient arrives). Who is told: observer.py (of everything), inspection.py
(of each result), watches.py (once a step).

The words:

op         a differentiable operation, a subclass of ``Function``
formula    an op's method ``grad_x(self, g, ...)``: the gradient for input x, from the incoming
           ``g`` and the values that it names
node       one application of an op, a vertex of the graph; an instance of the op
edge       where a gradient goes: a node, (node, number of the output) of one with several, a leaf
leaf       the end of the graph at a tensor that a user made: there ``.grad`` is collected
age        when a node was born. The clock counts downwards, so that younger is smaller, and heapq,
           which hands out the smallest, gives the youngest
kept       the values that a node holds for its formulas, and nothing else
plan       what a node does when a gradient comes: for each input that needs one the edge, the
           formula and what is kept for it; Freed once it was freed
sweep      one walk through the graph, youngest node first
carried    what the sweep's plain loop cannot do (several outputs, hooks, a recorded pass), a node
  out      does itself: ``carried_out`` gives its plan with every gradient known
wanted     the edges whose gradients were asked for; *on way* are those that lead there
kin        the tensors that look at one memory: a view's base, a base's views
retain     to leave the plans in place, for another sweep
last       no other sweep will read this node
lifting    turning a kept array into a Tensor with its edge, so that the sweep is recorded, too:
           ``create_graph=True``
fused op   an op with one tuned ``backward`` for all inputs, and a plain definition beside it
made       what the forward of a fused op leaves for its backward, which at the last may write to it
fitted     a formula whose result is summed to the shape of an input that was broadcast
general    the way to apply an op that does with any arguments; the other way is generated
guard      what makes an op from outside keep an op's promises
view       a tensor that looks at another one's memory
observer   who is told of calls, nodes, formulas, modules and steps, where somebody wants to know
inspector  who looks at what each op returns and each sweep finds
kernel     arrays in, arrays out, one call: what is long or tuned, below all this
"""
