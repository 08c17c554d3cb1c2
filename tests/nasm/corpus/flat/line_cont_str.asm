; -f bin
db "abc", \
   "def"
