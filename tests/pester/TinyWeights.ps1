# Writes weights of a small network, safetensors, all of them small numbers that differ.
function New-TinyWeights {
    param(
        [Parameter(Mandatory)] [string]$Path,
        # Keys in order, each with its shape.
        [Parameter(Mandatory)] [Collections.Specialized.OrderedDictionary]$Tensor
    )

    $offset = 0
    $entries = foreach ($key in $Tensor.Keys) {
        $count = 1
        foreach ($size in $Tensor[$key]) { $count *= $size }
        '"{0}":{{"dtype":"F32","shape":[{1}],"data_offsets":[{2},{3}]}}' -f $key, ($Tensor[$key] -join ','), $offset, ($offset + 4 * $count)
        $offset += 4 * $count
    }
    $header = [Text.Encoding]::UTF8.GetBytes('{' + ($entries -join ',') + '}')
    $values = [float[]]::new($offset / 4)
    for ($i = 0; $i -lt $values.Length; $i++) { $values[$i] = 0.2 * [Math]::Sin(0.731 * $i) }
    $bytes = [byte[]]::new($offset)
    [Buffer]::BlockCopy($values, 0, $bytes, 0, $offset)
    [IO.File]::WriteAllBytes($Path, [BitConverter]::GetBytes([long]$header.Length) + $header + $bytes)
}
