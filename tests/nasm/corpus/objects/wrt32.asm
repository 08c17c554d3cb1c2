; -f elf32
extern foo
extern _GLOBAL_OFFSET_TABLE_
call .g
.g: pop ebx
add ebx, _GLOBAL_OFFSET_TABLE_+$$-.g wrt ..gotpc
lea eax,[ebx+m wrt ..gotoff]
mov eax,[ebx+foo wrt ..got]
call foo wrt ..plt
dd foo wrt ..sym
mov eax,[ebx+foo wrt ..tlsie]
mov eax,[gs:foo wrt ..tlsie]
mov eax,[ebx+foo wrt ..gottpoff]
section .data
m: dd 1
;= 13: error: ELF format does not support this use of WRT
