"""The commands of `carter`, one module each: open_company.py is `carter open-company`, import_.py
is `carter import`. It is imported once Django is set up. A folder is a family of commands:
match/pairs.py is `carter match pairs`.

A module's docstring is its help. `run(options)` does the work and returns the exit status;
`add_arguments(parser)` is there when it takes any. It may also say

- `NEEDS_DJANGO = False`: it runs before, or without, Django's set-up;
- `ENVIRONMENT = {"CARTER_DEMO": "yes"}`: settings it starts with unless the environment has them;
- `PASSES_WORDS_ON = True`: what follows its name is for another program, in `options.words`.
"""
