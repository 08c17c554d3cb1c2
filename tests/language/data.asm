; db and its kin: strings, padding, lists, dup, ?, sizes (nasmdoc 3.2.1).
        db 1, 2, "abc", -1, 'a'+1, "x", `\x41\n\u263a`, 'it"s', ''
        dw "abc", 'a', 'ab'
        dd "abcde", 'abcd'
        dq "a", "hello, world"
        db (5), 6,
        dw 3 dup (1,2), ?, 2
        db 2 dup (1, 3 dup (2)), 2 dup "abc"
        db %(1,2), dword 5, word 5, byte 3
        db word "abcde"
        db __?utf16?__("ab"), 1
        dw __utf16__("ab"), __?utf16be?__("c")
        dd __?utf32?__('x')
        dt 1234p
        times 3 db 1, "ab"
        times 4 dd $
        times 5-2 dw label
label:  resb 3
        db 7
