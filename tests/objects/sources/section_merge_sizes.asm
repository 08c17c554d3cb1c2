; Element sizes of merged sections.
section .words merge strings word align=2
        dw 'a', 0
section .quads merge qword
        dq 1
