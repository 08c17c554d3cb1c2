; Each visibility of a definition and of a reference.
global  a:function default
global  b:function internal
global  c:function hidden
global  d:function protected
global  e:data hidden 4
global  h:data 4 hidden          ; what follows the size is not read
extern  f:hidden
extern  g:protected
section .text
a:      ret
b:      ret
c:      ret
d:      call f
        call g
        ret
section .data
e:      dd 1
h:      dd 2
