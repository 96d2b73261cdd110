# Names in a model are its author's, who may be anybody: they leave no folder, and nothing obeys them.
BeforeDiscovery {
    $names = @(
        @{ Kind = 'a path up'; Name = '../../../outside' }
        @{ Kind = 'a path of Windows'; Name = '..\..\outside' }
        @{ Kind = 'a full path'; Name = '/tmp/outside' }
        @{ Kind = 'a drive'; Name = 'C:\outside' }
        @{ Kind = 'a device of Windows'; Name = 'NUL' }
        @{ Kind = 'a device with an extension'; Name = 'com1.png' }
        @{ Kind = 'wildcards'; Name = '*[a-z]?' }
        @{ Kind = 'a variable'; Name = '$(Remove-Item x)`n{Layer}' }
        @{ Kind = 'a parameter'; Name = '-Force' }
        @{ Kind = 'control characters'; Name = "a`e]0;taken`a`e[31m`r`n`tb`0" }
        @{ Kind = 'marks of direction'; Name = "a`u{202e}gnp.exe`u{2066}" }
        @{ Kind = 'a page'; Name = '<img src=x onerror=alert(1)>"''&amp;' }
        @{ Kind = 'a formula'; Name = '=cmd|'' /C calc''!A0' }
        @{ Kind = 'dots and blanks'; Name = ' . ' }
        @{ Kind = '10,000 characters'; Name = 'x' * 10000 }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1

    # A network of one convolution of that name, whose classes have it too.
    function New-NamedModel([string] $Name, [string] $Path) {
        $nodes = @(
            , (New-Node Conv $Name image, w)
            , (New-Node GlobalAveragePool pool $Name)
            , (New-Node Flatten flat pool)
            , (New-Node Gemm classifier flat, v @(, (New-IntAttribute transB 1)))
        )
        $values = (0..11).ForEach{ [Math]::Sin($_) }
        Write-Model -Path $Path -Node $nodes -Weight (New-Weights w 4, 3, 1, 1 $values), (New-Weights v 4, 4 (0..15).ForEach{ [Math]::Cos($_) }) -Classes 4
    }
}

Describe 'A layer and a class named with <Kind>' -ForEach $names {
    BeforeAll {
        $folder = New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())/in/it"
        Push-Location $folder
        New-NamedModel $Name "$folder/model.onnx"
        $model = Import-CnnModel model.onnx -ClassName $(Set-Content classes.txt (@($Name -replace '[\r\n]', ' ') + 'b', 'c', 'd'); 'classes.txt')
        $layer = $model | Get-CnnLayer | Select-Object -First 1
        $images = $layer | Invoke-FilterMaximization 0, 1 -Steps 1 -Size 8
        $class = $model | Invoke-ClassMaximization 0 -Steps 1 -Size 16 -WarningAction Ignore
    }

    AfterAll {
        Pop-Location
    }

    It 'can be chosen, and shows no character that a console obeys' {
        ($model | Get-CnnLayer -Name ([WildcardPattern]::Escape($layer.Name))).Name | Should -Be $layer.Name
        $shown = @($layer, $images, $class, $model | Out-String) + "$layer" + "$($images[0])" + "$($class.ClassName)"
        foreach ($text in $shown) {
            $text | Should -Not -Match '[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]'
        }

        $failure = Get-Failure { $layer | Invoke-FilterMaximization 99 }
        "$failure" | Should -Not -Match '[\x00-\x09\x0b-\x1f\u202e]'
    }

    It 'leaves no folder, in pictures, a sheet, a plot, an animation and an atlas' {
        $images, $class | Export-FilterImage out
        $images | Export-FilterImage 'names/{Layer}_{Filter}.png'
        $class | Export-FilterImage 'names/{ClassName}.png'
        $images, $class | Export-FilterSheet sheet.png
        $images | Export-FilterSheet sheets
        $images | Export-FilterPlot plot.svg
        $layer | Invoke-FilterMaximization 0 -Steps 2 -Size 8 -SnapshotEvery 1 | Export-FilterAnimation moving
        $images, $class | Export-FilterAtlas atlas
        $null = $layer | New-FilterPlan plan.json -Filter 0 -Steps 1 -Size 8
        $null = Invoke-FilterPlan plan.json planned
        ([xml](Get-Content plot.svg -Raw)).svg | Should -Not -BeNullOrEmpty
        @(Get-ChildItem names -File).Count | Should -Be 3
        @(Get-ChildItem out, planned/pictures -Recurse -File -Filter *.png).Count | Should -Be 4
        foreach ($file in Get-ChildItem $folder -Recurse -Force) {
            [Text.Encoding]::UTF8.GetByteCount($file.Name) | Should -BeLessOrEqual 255
            $file.Name | Should -Not -Match '[\x00-\x1f\x7f-\x9f<>:"\\|?*\u202a-\u202e\u2066-\u2069]|[. ]$|^(?i:nul|com1)(\.|$)'
        }

        (Get-ChildItem $folder/../.. -Recurse -File | Where-Object { -not $_.FullName.StartsWith("$folder") }) | Should -BeNullOrEmpty
        '/tmp/outside*' | Should -Not -Exist
        Get-ChildItem atlas -Recurse -Filter *.html | Select-String '<img src=x' -SimpleMatch | Should -BeNullOrEmpty
    }

    It 'comes back from files and from a table' {
        $images[0] | Export-FilterImage back.png -Force
        (Import-FilterImage back.png).Layer | Should -Be $layer.Name
        $images | Select-Object Layer, Filter | Export-Csv table.csv
        (Import-Csv table.csv | Select-Object -First 1).Layer | Should -Be $layer.Name
        $model | Export-CnnModel copy.onnx
        (Import-CnnModel copy.onnx | Get-CnnLayer | Select-Object -First 1).Name | Should -Be $layer.Name
    }
}

Describe 'Two layers whose names look the same' {
    It 'have two names' {
        $nodes = @(
            , (New-Node Conv "a`e" image, w)
            , (New-Node Conv 'a␛' "a`e", w)
        )
        Write-Model -Path $TestDrive/twins.onnx -Node $nodes -Weight @(, (New-Weights w 3, 3, 1, 1 (1..9))) -Classes 3
        (Import-CnnModel $TestDrive/twins.onnx -Preprocessing Unit | Get-CnnLayer).Name | Should -Be 'a␛_2', 'a␛'
    }
}

Describe 'A picture that names a layer with control characters' {
    It 'does not reach the console with it' {
        New-NamedModel plains "$TestDrive/plains.onnx"
        Import-CnnModel $TestDrive/plains.onnx | Get-CnnLayer plains | Invoke-FilterMaximization 0 -Steps 1 -Size 8 | Export-FilterImage $TestDrive/plains.tiff
        $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes("$TestDrive/plains.tiff"))
        $text | Should -Match '"layer":"plains"'
        [IO.File]::WriteAllBytes("$TestDrive/plains.tiff", [Text.Encoding]::Latin1.GetBytes($text.Replace('"layer":"plains"', '"layer":"\u001b"')))
        (Import-FilterImage $TestDrive/plains.tiff).Layer | Should -Be '␛'
    }
}
