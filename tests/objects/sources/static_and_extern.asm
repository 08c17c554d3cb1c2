; `static` keeps a symbol in the file, `extern` of a defined one does not matter, `required` is named in any case.
static  kept:function
extern  unused, used
required needed
global  shown
section .text
shown:  call kept
        call used
kept:   ret
