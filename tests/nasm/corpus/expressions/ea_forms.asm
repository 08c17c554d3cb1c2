; -f bin
bits 32
mov eax,[ebx*5]
mov eax,[ebx*3]
mov eax,[ebx*2]
mov eax,[nosplit ebx*2]
mov eax,[ebx+ecx*2-4+8]
mov eax,[ebx+ebx]
mov eax,[esp+ebx]
mov eax,[ebx+esp]
mov eax,[ebp*1]
mov eax,[byte ebx]
mov eax,[dword ebx]
mov eax,[byte ebx+0]
mov eax,[ebx+0x7f+1]
mov eax,[ecx+ecx*4]
mov eax,[(ebx+4)*1]
mov eax,[2*ecx+ebx]
mov eax,[ebx*8-ebx*4]
;= 8b 04 9b 8b 04 5b 8b 04 1b 8b 04 5d 00 00 00 00
;= 8b 44 4b 04 8b 04 1b 8b 04 1c 8b 04 1c 8b 45 00
;= 8b 43 00 8b 83 00 00 00 00 8b 43 00 8b 83 80 00
;= 00 00 8b 04 89 8b 43 04 8b 04 4b 8b 04 9d 00 00
;= 00 00
