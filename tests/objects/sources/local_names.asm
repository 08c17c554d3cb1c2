; Local labels, labels with two dots, names with odd characters, and `$` names.
section .text
outer:
.inner: jmp .inner
..@plain: jmp outer.inner
$rax:   jmp $rax
a_$#@~.?z: jmp a_$#@~.?z
next:
.inner: call next.inner
