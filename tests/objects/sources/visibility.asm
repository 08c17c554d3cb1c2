; Each visibility of a definition and of a reference.
global  a:function default
global  b:function internal
global  c:function hidden
global  d:function protected
global  e:data hidden 4
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
