# Words of a text, with their counts, and what they look like.
{
  gsub(/[^A-Za-z ]/, " ")
  for (i = 1; i <= NF; i++) count[tolower($i)]++
  if (match($0, /[a-z]+ing/)) last = substr($0, RSTART, RLENGTH)
  lines[NR % 7] = $0
}
/the/, /of/ { between++ }
END {
  for (w in count) { n++; total += count[w]; if (count[w] > most) { most = count[w]; best = w } }
  print NR, n, total, best, most, last, between
  for (i = 0; i < 7; i++) print length(lines[i]), toupper(substr(lines[i], 3, 9))
  $0 = "a:b:c"; print split($0, parts, ":"), parts[3], NF
  OFS = "-"; $0 = "p q r"; $2 = "X"; print; NF = 2; print
}
