BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $images = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1, 2 -Steps 3
}

Describe 'Export-FilterAtlas' {
    It 'writes a page for the model, each layer and each filter, and gives the first with -PassThru' {
        $page = $images | Export-FilterAtlas $TestDrive/atlas -PassThru
        $page | Should -BeOfType IO.FileInfo
        $page.Name | Should -Be 'index.html'
        (Get-ChildItem $TestDrive/atlas/layers/conv1 -Filter *.html).Name | Should -Be '0000.html', '0001.html', '0002.html', 'index.html'
        $images | Export-FilterAtlas $TestDrive/other | Should -BeNullOrEmpty
    }

    It 'adds to an atlas that is there' {
        $images[0] | Export-FilterAtlas TestDrive:/grown
        $images[1] | Export-FilterAtlas TestDrive:/grown
        "$TestDrive/grown/layers/conv1/0000.html" | Should -Exist
        "$TestDrive/grown/layers/conv1/0001.html" | Should -Exist
        Get-Content $TestDrive/grown/index.html -Raw | Should -BeLike '*2 filters with a picture*'
    }

    It 'puts layers without pictures on the map with -Model' {
        $images | Export-FilterAtlas $TestDrive/map -Model $model -Title 'A tiny <network>'
        $index = Get-Content $TestDrive/map/index.html -Raw
        $index | Should -BeLike '*classifier*'
        $index | Should -BeLike '*A tiny &lt;network&gt;*'
    }

    It 'writes one file, and keeps it unless it is forced' {
        $images | Export-FilterAtlas $TestDrive/one.html
        { $images | Export-FilterAtlas $TestDrive/one.html -ErrorAction Stop } | Should -Throw '*already there*'
        $images[0] | Export-FilterAtlas $TestDrive/one.html -Force
        Get-Content $TestDrive/one.html -Raw | Should -BeLike '*1 filter with a picture*'
    }

    It 'refuses a damaged atlas and a folder with a page of another kind' {
        New-Item -ItemType Directory $TestDrive/damaged, $TestDrive/foreign | Out-Null
        Set-Content $TestDrive/damaged/atlas.json '{'
        Set-Content $TestDrive/foreign/index.html 'mine'
        { $images | Export-FilterAtlas $TestDrive/damaged } | Should -Throw '*cannot be read*'
        { $images | Export-FilterAtlas $TestDrive/foreign } | Should -Throw '*no atlas*'
        Get-Content $TestDrive/foreign/index.html | Should -Be mine
    }

    It 'writes nothing with -WhatIf' {
        $images | Export-FilterAtlas $TestDrive/whatif -WhatIf
        "$TestDrive/whatif" | Should -Not -Exist
    }

    It 'keeps its template engine out of the session' {
        [bool]('Fluid.TemplateOptions' -as [type]) | Should -BeFalse
    }
}
