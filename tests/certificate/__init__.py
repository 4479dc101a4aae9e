"""What agrees with PyTorch, op by op: the page docs/certificate.md is made by ``make certificate``.

ops        what is compared: PyTorch's op database and our own rows, as ops with samples
adapter    a sample of PyTorch's as a call of ours
sides      one call with its first and second derivatives, in either library
ulps       how far two results are apart
variants   a sample made 0-d, empty, strided, foreign, extreme
comparison two results beside each other
batched    a sample under vmap beside a loop
cell       what a column says of an op
columns    the columns of the table: each takes an op and gives its cases
workers    every op in a process of its own, with a limit of time
speed      how long calls take at 100,000 elements
reasons    why something is not there
page       the page and the file of figures beside it
"""
