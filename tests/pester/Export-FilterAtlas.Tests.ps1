BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    New-TinyModel -Path $TestDrive/model.onnx -Rectifier conv1/relu -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv1
    $images = $model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization 0, 1 -Steps 3
}

Describe 'Export-FilterAtlas' {
    It 'writes a page for the model, each layer and each filter, and gives the first with -PassThru' {
        $page = $images | Export-FilterAtlas $TestDrive/atlas -PassThru
        $page | Should -BeOfType IO.FileInfo
        $page.FullName | Should -Be (Join-Path $TestDrive atlas index.html)
        (Get-ChildItem $TestDrive/atlas/layers/conv1 -Filter *.html).Name | Should -Be '0000.html', '0001.html', 'index.html'
        Get-ChildItem $TestDrive/atlas/layers -Recurse -Filter 000?.html | Should -HaveCount 4
        $images | Export-FilterAtlas $TestDrive/other | Should -BeNullOrEmpty
    }

    It 'knows from the model of the session what the layers of the pictures are' {
        $images | Export-FilterAtlas $TestDrive/known
        $index = Get-Content $TestDrive/known/index.html -Raw
        $index | Should -BeLike '*8×32×32*'
        $index | Should -BeLike '*2 of 8 filters*'
        $index | Should -Not -BeLike '*classifier*'
    }

    It 'adds to an atlas that is there, and keeps its title' {
        $images[0] | Export-FilterAtlas TestDrive:/grown -Title First
        $images[1] | Export-FilterAtlas TestDrive:/grown
        "$TestDrive/grown/layers/conv1/0000.html" | Should -Exist
        "$TestDrive/grown/layers/conv1/0001.html" | Should -Exist
        $index = Get-Content $TestDrive/grown/index.html -Raw
        $index | Should -BeLike '*2 filters with a picture*'
        $index | Should -BeLike '*<h1>First</h1>*'
    }

    It 'leaves a folder to the command that writes to it' {
        Get-FailureId { $images[0] | Export-FilterAtlas $TestDrive/shared } | Should -BeNullOrEmpty
        $images[0] | ForEach-Object { Get-FailureId { $images[1] | Export-FilterAtlas $TestDrive/shared }; $_ } | Tee-Object -Variable all |
            Where-Object { $_ -isnot [string] } | Export-FilterAtlas $TestDrive/shared
        $all[0] | Should -Be FolderBusy
        Get-FailureId { $images[1] | Export-FilterAtlas $TestDrive/shared } | Should -BeNullOrEmpty
        "$TestDrive/shared/layers/conv1/0001.html" | Should -Exist
    }

    It 'puts layers without pictures on the map for <Case>' -ForEach @(
        @{ Case = '-Model'; Export = { $images | Export-FilterAtlas $args[0] -Model $model } }
        @{ Case = 'a model in the pipeline'; Export = { @($model) + $images | Export-FilterAtlas $args[0] } }
        @{ Case = 'layers in the pipeline'; Export = { $images + @($model | Get-CnnLayer) | Export-FilterAtlas $args[0] } }
        @{ Case = '-Layer'; Export = { Export-FilterAtlas $args[0] -InputObject $images -Layer ($model | Get-CnnLayer) } }
    ) {
        & $Export "$TestDrive/map/$Case"
        $index = Get-Content "$TestDrive/map/$Case/index.html" -Raw
        $index | Should -BeLike '*classifier*'
        $index | Should -BeLike '*4 filters with a picture, in 2 layers of*'
    }

    It 'takes any text as a title' {
        $images[0] | Export-FilterAtlas $TestDrive/titled -Title 'A tiny <network>'
        Get-Content $TestDrive/titled/index.html -Raw | Should -BeLike '*A tiny &lt;network&gt;*'
    }

    It 'takes pictures, figures and parts of images in any order, or by name' {
        $images[0] | Export-FilterImage $TestDrive/photo.png
        $patch = $layer | Measure-CnnActivation $TestDrive/photo.png -Filter 0 -Top 1
        $quality = $images[0] | Measure-FilterImage
        $patch, $quality + $images[1..3] + $images[0] | Export-FilterAtlas $TestDrive/mixed
        $images | Export-FilterAtlas $TestDrive/named -ImageQuality $quality -Patch $patch
        foreach ($atlas in 'mixed', 'named') {
            $page = Get-Content $TestDrive/$atlas/layers/conv1/0000.html -Raw
            $page | Should -BeLike '*Rank in the layer*'
            $page | Should -BeLike '*photo.png*'
            $page | Should -BeLike '*<img*'
        }
    }

    It 'shows what filters do on photos, and keeps it' {
        $images[0] | Export-FilterImage $TestDrive/seen.png
        $layer | Measure-CnnFilter $TestDrive/seen.png -Filter 0, 2 | Export-FilterAtlas $TestDrive/measured
        $images[0] | Export-FilterAtlas $TestDrive/measured
        foreach ($page in '0000', '0002') {
            $text = Get-Content $TestDrive/measured/layers/conv1/$page.html -Raw
            $text | Should -BeLike '*On many photos*Photo with the maximum*seen.png*'
            $text | Should -Not -BeLike "*$TestDrive*"
        }
    }

    It 'compares models, layer by layer, and class by class, and keeps what is there' {
        New-TinyModel -Path $TestDrive/second.onnx -Rectifier other
        $second = Import-CnnModel $TestDrive/second.onnx
        $others = $second | Get-CnnLayer conv1, other | Invoke-FilterMaximization 0, 2 -Steps 3
        $page = $images + @($others) | Export-FilterAtlas $TestDrive/compared -Compare -PassThru
        $page.FullName | Should -Be (Join-Path $TestDrive compared index.html)
        (Get-ChildItem $TestDrive/compared/models).Name | Should -Be model, second
        $index = Get-Content $page -Raw
        $index | Should -BeLike '*2 models side by side, on 1 page*'
        $table = Get-Content $TestDrive/compared/compare/conv1/index.html -Raw
        $table | Should -BeLike '*model*second*'
        [regex]::Matches($table, '<tr>').Count | Should -Be 4 -Because 'there is a head, and filters 0, 1 and 2'
        [regex]::Matches($table, '<img').Count | Should -Be 4
        [regex]::Matches($table, 'not in this atlas').Count | Should -Be 2
        foreach ($link in [regex]::Matches($index + $table, '(?:href|src)="([^"#]+)"')) {
            $root = $index.Contains($link.Value) ? 'compared' : 'compared/compare/conv1'
            Join-Path $TestDrive $root $link.Groups[1].Value | Should -Exist
        }

        # Without the switch: the folder says it.
        $second | Get-CnnLayer conv1 | Invoke-FilterMaximization 1 -Steps 3 | Export-FilterAtlas $TestDrive/compared
        Get-Content $TestDrive/compared/compare/conv1/index.html -Raw | Should -BeLike '*3 filters, 2 of them*'
        Get-Content $TestDrive/compared/models/second/index.html -Raw | Should -BeLike '*href="../../index.html"*'
        Get-FailureId { $images | Export-FilterAtlas $TestDrive/compared.html -Compare } | Should -Be ComparisonNeedsFolder
    }

    It 'writes one file for <Path>, and keeps it unless it is forced' -ForEach @(
        @{ Path = 'one.html'; Options = @{} }
        @{ Path = 'one'; Options = @{ SingleFile = $true } }
        @{ Path = '[a].html'; Options = @{} }
    ) {
        $images | Export-FilterAtlas $TestDrive/$Path @Options
        Get-Content -LiteralPath $TestDrive/$Path -Raw | Should -BeLike '*data:image/webp;base64,*'
        Get-FailureId { $images | Export-FilterAtlas $TestDrive/$Path @Options } | Should -Be FileExists
        Get-Content -LiteralPath $TestDrive/$Path -Raw | Should -BeLike '*4 filters with a picture*'
        $images[0] | Export-FilterAtlas $TestDrive/$Path @Options -Force
        Get-Content -LiteralPath $TestDrive/$Path -Raw | Should -BeLike '*1 filter with a picture*'
    }

    It 'writes an error for a bad object and goes on' {
        New-TinyModel -Path $TestDrive/other.onnx
        $other = Import-CnnModel $TestDrive/other.onnx | Get-CnnLayer conv1 | Invoke-FilterMaximization 1 -Steps 1
        $gone = $layer | Invoke-FilterMaximization 2 -Steps 1
        $gone.Dispose()
        Get-FailureId { $images[0], $gone, $other, 'text', $images[2] | Export-FilterAtlas $TestDrive/some } |
            Should -Be ObjectDisposedException, AtlasModelMismatch, InputObjectNotBound
        Get-ChildItem $TestDrive/some -Recurse -Filter 0000.html | Should -HaveCount 2
    }

    It 'leaves an atlas that works where the pipeline breaks off' {
        Get-Failure { $images | ForEach-Object { $_; if ($_.Filter -eq 1) { throw 'enough' } } | Export-FilterAtlas $TestDrive/broken } |
            Should -BeLike enough
        "$TestDrive/broken/layers/conv1/0001.html" | Should -Exist
        Get-Content $TestDrive/broken/layers/conv1/index.html -Raw | Should -BeLike '*0000.html*'
        Get-Content $TestDrive/broken/index.html -Raw | Should -BeLike '*conv1*'
    }

    It 'says of a filter without a signal why it has no picture' {
        $model | Get-CnnLayer dead | Invoke-FilterMaximization -WarningAction Ignore | Export-FilterAtlas $TestDrive/dead
        Get-Content $TestDrive/dead/layers/dead/0000.html -Raw | Should -BeLike '*its gradient is zero*'
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a path outside of the file system'; Path = 'variable:PWD'; Id = 'NotFileSystem' }
        @{ Case = 'a file of another kind'; Path = 'TestDrive:/model.onnx'; Id = 'UnknownFormat' }
        @{ Case = 'a file without an extension'; Path = 'TestDrive:/plain'; Id = 'NotAnAtlas' }
        @{ Case = 'a folder with a page of another kind'; Path = 'TestDrive:/foreign'; Id = 'NotAnAtlas' }
        @{ Case = 'a damaged atlas'; Path = 'TestDrive:/damaged'; Id = 'AtlasDamaged' }
    ) {
        $null = New-Item -ItemType Directory $TestDrive/damaged, $TestDrive/foreign -Force
        Set-Content $TestDrive/plain text
        Set-Content $TestDrive/damaged/atlas.json '{'
        Set-Content $TestDrive/foreign/index.html mine
        Get-FailureId { $images | Export-FilterAtlas $Path } | Should -Be $Id
        Get-Content $TestDrive/foreign/index.html | Should -Be mine
    }

    It 'reports its progress, and its end' {
        $progress = (Watch-Pipeline { $using:images | Export-FilterAtlas $using:TestDrive/watched }).Progress
        $progress[0].Activity | Should -BeLike '*atlas*'
        $progress[-1].RecordType | Should -Be Completed
    }

    It 'writes nothing with -WhatIf, <_>' -ForEach 'folder', 'file.html' {
        $images | Export-FilterAtlas $TestDrive/whatif/$_ -WhatIf
        "$TestDrive/whatif" | Should -Not -Exist
    }

    It 'keeps its template engine out of the session' {
        [bool]('Fluid.TemplateOptions' -as [type]) | Should -BeFalse
    }
}
