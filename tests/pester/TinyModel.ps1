# A convolutional network of a few hundred weights, written as an ONNX file byte by byte: no model has to lie in the repository.
# Field numbers are those of onnx.proto; the encoding is protobuf's: a key (field * 8 + wire type), then the value.

# A varint: seven bits a byte, the lowest first; the highest bit says that more follow.
function ConvertTo-Varint([ulong]$Value) {
    $bytes = [Collections.Generic.List[byte]]::new()
    while ($Value -ge 128) {
        $bytes.Add([byte](($Value -band 127) -bor 128))
        $Value = $Value -shr 7
    }

    $bytes.Add([byte]$Value)
    , $bytes.ToArray()
}

function New-NumberField([int]$Field, [ulong]$Value) {
    , [byte[]]((ConvertTo-Varint ($Field * 8)) + (ConvertTo-Varint $Value))
}

function New-BytesField([int]$Field, [byte[]]$Value) {
    , [byte[]]((ConvertTo-Varint ($Field * 8 + 2)) + (ConvertTo-Varint $Value.Length) + $Value)
}

function New-TextField([int]$Field, [string]$Value) {
    , (New-BytesField $Field ([Text.Encoding]::UTF8.GetBytes($Value)))
}

# AttributeProto: name 1, ints 8, type 20 (7 is INTS).
function New-IntsAttribute([string]$Name, [ulong[]]$Values) {
    $bytes = New-TextField 1 $Name
    foreach ($value in $Values) {
        $bytes += New-NumberField 8 $value
    }

    , [byte[]]($bytes + (New-NumberField 20 7))
}

# AttributeProto: name 1, i 3, type 20 (2 is INT).
function New-IntAttribute([string]$Name, [ulong]$Value) {
    , [byte[]]((New-TextField 1 $Name) + (New-NumberField 3 $Value) + (New-NumberField 20 2))
}

# NodeProto: input 1, output 2, name 3, op_type 4, attribute 5. The output is called after the node.
function New-Node([string]$Kind, [string]$Name, [string[]]$Inputs, [byte[][]]$Attributes = @()) {
    $bytes = [byte[]]@()
    foreach ($source in $Inputs) {
        $bytes += New-TextField 1 $source
    }

    $bytes += (New-TextField 2 $Name) + (New-TextField 3 $Name) + (New-TextField 4 $Kind)
    foreach ($attribute in $Attributes) {
        $bytes += New-BytesField 5 $attribute
    }

    , [byte[]]$bytes
}

# TensorProto: dims 1, data_type 2 (1 is FLOAT), name 8, raw_data 9.
function New-Weights([string]$Name, [int[]]$Shape, [float[]]$Values) {
    $bytes = [byte[]]@()
    foreach ($size in $Shape) {
        $bytes += New-NumberField 1 $size
    }

    $raw = [byte[]]::new(4 * $Values.Count)
    [Buffer]::BlockCopy($Values, 0, $raw, 0, $raw.Length)
    , [byte[]]($bytes + (New-NumberField 2 1) + (New-TextField 8 $Name) + (New-BytesField 9 $raw))
}

# Kernels of 3x3 over RGB: red, green, blue, horizontal and vertical stripes, a diagonal edge, brightness, a mixture.
function Get-FirstKernels {
    $middle = 0, 0, 0, 0, 1, 0, 0, 0, 0
    $horizontal = -1, -1, -1, 2, 2, 2, -1, -1, -1
    $vertical = -1, 2, -1, -1, 2, -1, -1, 2, -1
    $diagonal = 0, 1, 2, -1, 0, 1, -2, -1, 0
    foreach ($colour in 0..2) {
        foreach ($channel in 0..2) {
            # Its own colour in the middle, minus the two others.
            $middle.ForEach{ $_ * ($channel -eq $colour ? 1 : -0.5) }
        }
    }

    ($horizontal * 3).ForEach{ $_ / 9 }
    ($vertical * 3).ForEach{ $_ / 9 }
    ($diagonal * 3).ForEach{ $_ / 9 }
    ($middle * 3).ForEach{ $_ / 3 }
    (0..26).ForEach{ [Math]::Sin($_) }
}

# Each of the second convolution's filters is the mean of one of the first's.
function Get-SecondKernels {
    foreach ($filter in 0..7) {
        foreach ($source in 0..7) {
            @($filter -eq $source ? 1 / 9 : 0) * 9
        }
    }
}

# Unit after unit: one filter, minus half of the others. Brightness and mixture answer everything, and weigh little. From the ninth on they
# are the first eight again, weaker.
function Get-ClassifierWeights([int]$Classes) {
    foreach ($class in 0..($Classes - 1)) {
        $own = $class % 8
        $strength = ($own -lt 6 ? 1 : 0.2) / (1 + [Math]::Floor($class / 8))
        foreach ($filter in 0..7) {
            $strength * ($filter -eq $own ? 1 : $filter -lt 6 ? -0.5 : 0)
        }
    }
}

# ValueInfoProto: name 1, type 2 / tensor_type 1 / (elem_type 1, shape 2 / dim 1 / dim_value 1).
function New-Value([string]$Name, [int[]]$Shape) {
    $dimensions = [byte[]]@()
    foreach ($size in $Shape) {
        $dimensions += New-BytesField 1 (New-NumberField 1 $size)
    }

    $tensor = [byte[]]((New-NumberField 1 1) + (New-BytesField 2 $dimensions))
    , [byte[]]((New-TextField 1 $Name) + (New-BytesField 2 (New-BytesField 1 $tensor)))
}

<#
.SYNOPSIS
    Writes a small ONNX model whose answers are known, for RGB images of 32x32 whose preprocessing the file tells: 0 to 1.
.DESCRIPTION
    Its layers are conv1 (8 filters of 3x3: see Get-FirstKernels), relu1, conv2 (8 filters of 3x3, stride 2: the same, coarser), pool (the
    mean of each map) and classifier (10 units). -WithFaults adds, at the end, two layers of one filter: the one of "dead" has no
    gradient, the one of "broken" is never a number.
#>
function New-TinyModel {
    param(
        [Parameter(Mandatory)]
        [string]$Path,

        [int]$Classes = 10,

        # Name of the layer relu1; another one makes another model.
        [string]$Rectifier = 'relu1',

        [switch]$WithFaults
    )

    $pads = New-IntsAttribute pads 1, 1, 1, 1
    $nodes = @(
        , (New-Node Conv conv1 image, conv1.weight, conv1.bias @(, $pads))
        , (New-Node Relu $Rectifier conv1)
        , (New-Node Conv conv2 $Rectifier, conv2.weight, conv2.bias @($pads, (New-IntsAttribute strides 2, 2)))
        , (New-Node GlobalAveragePool pool conv2)
        , (New-Node Flatten flatten pool)
        , (New-Node Gemm classifier flatten, classifier.weight, classifier.bias @(, (New-IntAttribute transB 1)))
    )
    $weights = @(
        , (New-Weights conv1.weight 8, 3, 3, 3 (Get-FirstKernels))
        , (New-Weights conv1.bias 8 (@(0) * 8))
        , (New-Weights conv2.weight 8, 8, 3, 3 (Get-SecondKernels))
        , (New-Weights conv2.bias 8 (@(0) * 8))
        , (New-Weights classifier.weight $Classes, 8 (Get-ClassifierWeights $Classes))
        , (New-Weights classifier.bias $Classes (@(0) * $Classes))
    )
    if ($WithFaults) {
        $nodes += , (New-Node Conv dead image, dead.weight)
        $nodes += , (New-Node Conv broken image, broken.weight)
        $weights += , (New-Weights dead.weight 1, 3, 1, 1 0, 0, 0)
        $weights += , (New-Weights broken.weight 1, 3, 1, 1 ([float]::PositiveInfinity), 0, 0)
    }

    Write-Model -Path $Path -Node $nodes -Weight $weights -Classes $Classes
}

<#
.SYNOPSIS
    Writes a model with the layers that the README names, for RGB images of 32x32: a block of GoogLeNet, with small random weights, and 1000 classes.
#>
function New-ReadmeModel([string]$Path) {
    $random = [Random]::new(1)
    $nodes = @()
    $weights = @()
    $filters = [ordered]@{ '1x1' = 128; '3x3_reduce' = 128; '3x3' = 256; '5x5_reduce' = 24; '5x5' = 64; pool_proj = 64 }
    foreach ($name in $filters.Keys) {
        $weight = "inception_4c/${name}_w"
        $nodes += , (New-Node Conv "inception_4c/$name" image, $weight @(, (New-IntsAttribute strides 4, 4)))
        $nodes += , (New-Node Relu "inception_4c/$name/relu" "inception_4c/$name")
        $weights += , (New-Weights $weight $filters[$name], 3, 4, 4 ((1..($filters[$name] * 48)).ForEach{ $random.NextSingle() - 0.5 }))
    }

    $nodes += , (New-Node Concat inception_4c/output $filters.Keys.ForEach{ "inception_4c/$_/relu" } @(, (New-IntAttribute axis 1)))
    $nodes += , (New-Node Relu inception_4a/output inception_4c/output)
    $nodes += , (New-Node GlobalAveragePool pool inception_4c/5x5_reduce/relu)
    $nodes += , (New-Node Flatten flatten pool)
    $nodes += , (New-Node Gemm classifier flatten, classifier_w @(, (New-IntAttribute transB 1)))
    $weights += , (New-Weights classifier_w 1000, 24 ((1..24000).ForEach{ $random.NextSingle() - 0.5 }))
    Write-Model -Path $Path -Node $nodes -Weight $weights -Classes 1000
}

# A model for RGB images of 32x32 whose preprocessing the file tells: 0 to 1.
function Write-Model([string]$Path, [byte[][]]$Node, [byte[][]]$Weight, [int]$Classes) {
    # GraphProto: node 1, name 2, initializer 5, input 11, output 12.
    $graph = [byte[]]@()
    foreach ($each in $Node) {
        $graph += New-BytesField 1 $each
    }

    $graph += New-TextField 2 tiny
    foreach ($tensor in $Weight) {
        $graph += New-BytesField 5 $tensor
    }

    $graph += (New-BytesField 11 (New-Value image 1, 3, 32, 32)) + (New-BytesField 12 (New-Value classifier 1, $Classes))

    # ModelProto: ir_version 1, graph 7, opset_import 8 (version 2), metadata_props 14 (key 1, value 2).
    $range = (New-TextField 1 Image.NominalPixelRange) + (New-TextField 2 Normalized_0_1)
    $model = (New-NumberField 1 8) + (New-BytesField 7 $graph) + (New-BytesField 8 (New-NumberField 2 13)) + (New-BytesField 14 $range)
    $target = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    [IO.File]::WriteAllBytes($target, $model)
}
