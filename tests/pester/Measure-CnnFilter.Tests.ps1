BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyModel -Path $TestDrive/model.onnx -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $layer = $model | Get-CnnLayer conv1

    # Red and green, two of each.
    foreach ($filter in 0, 1) {
        $layer | Invoke-FilterMaximization $filter -Recipe Classic -Steps 10 -Count 2 | Export-FilterImage "$TestDrive/photos/$filter/{Seed}.png"
    }
}

Describe 'Measure-CnnFilter' {
    It 'gives an object for each filter, layer by layer' {
        $found = $model | Get-CnnLayer conv1, conv2 | Measure-CnnFilter $TestDrive/photos -Recurse
        $found | Should -BeOfType CnnViz.Activations.FilterStatistics
        $found.Layer | Should -Be (@('conv1') * 8 + @('conv2') * 8)
        $found.Filter | Should -Be (@(0..7) * 2)
        $found[0].Photos | Should -Be 4
        $found[0].Model, $found[0].ModelSha256 | Should -Be $model.Name, $model.Sha256
    }

    It 'says which folder a filter tells best' {
        $found = $layer | Measure-CnnFilter $TestDrive/photos -Recurse -Filter 0, 1
        $found.Concept | Should -Be '0', '1'
        $found.Auc | Should -Be 1, 1
        (Split-Path (Split-Path $found[0].MaxImage) -Leaf) | Should -Be '0'
        ($layer | Measure-CnnFilter $TestDrive/photos/0 -Filter 0).Concept | Should -BeNullOrEmpty
    }

    It 'finds dead filters' {
        $dead = $model | Get-CnnLayer dead | Measure-CnnFilter $TestDrive/photos -Recurse
        $dead.DeadShare, $dead.Sparsity | Should -Be 1, 1
        $dead.Nearest ?? $dead.Clarity | Should -BeNullOrEmpty
        ($layer | Measure-CnnFilter $TestDrive/photos/0 -Filter 0).DeadShare | Should -Be 0
    }

    It 'finds the double of a filter among all of its layer' {
        # From the ninth on, units are the first eight again.
        ($model | Get-CnnLayer classifier | Measure-CnnFilter $TestDrive/photos -Recurse -Filter 8 -Top 0).Nearest | Should -Be 0
        ($model | Get-CnnLayer classifier | Measure-CnnFilter $TestDrive/photos -Recurse -Filter 8 -Top 0).Correlation | Should -BeGreaterThan 0.999
    }

    It 'compares the parts of photos only if they are asked for' {
        $found = $layer | Measure-CnnFilter $TestDrive/photos -Recurse -Filter 0
        $found.Clarity | Should -BeGreaterThan 0
        $found.Polysemanticity | Should -BeGreaterOrEqual 0
        ($layer | Measure-CnnFilter $TestDrive/photos -Recurse -Filter 0 -Top 0).Clarity | Should -BeNullOrEmpty
    }

    It 'takes filters, and photos from the pipeline' {
        $filters = $layer | Get-CnnFilter 2, 5
        (Get-ChildItem $TestDrive/photos -Recurse -File | Measure-CnnFilter -InputObject $filters).Filter | Should -Be 2, 5
    }

    It 'can be sorted, shown, and written as a table of values' {
        $found = $layer | Measure-CnnFilter $TestDrive/photos -Recurse
        ($found | Sort-Object Correlation -Descending)[0].Correlation | Should -BeGreaterOrEqual $found[1].Correlation
        ($found | Out-String) -replace '\x1b\[[0-9;]*m' | Should -Match 'Layer +Filter +DeadShare +Correlation +Clarity'
        $found | Export-Csv $TestDrive/found.csv
        (Import-Csv $TestDrive/found.csv)[1].Filter | Should -Be 1
        $found | ConvertTo-Json -WarningVariable warnings | Should -Match '"Layer"'
        $warnings | Should -BeNullOrEmpty
    }

    It 'reports a photo that cannot be read, and goes on' {
        $null = New-Item $TestDrive/mixed -ItemType Directory
        Copy-Item $TestDrive/photos/0/0.png $TestDrive/mixed
        Set-Content $TestDrive/mixed/broken.png 'no picture'
        $found = $layer | Measure-CnnFilter $TestDrive/mixed -Filter 0 -ErrorVariable failures -ErrorAction SilentlyContinue
        $found.Photos | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PictureUnreadable,*'
    }

    It 'says what is missing: <Id>' -ForEach @(
        @{ Id = 'NoLayer'; Script = { Measure-CnnFilter $TestDrive/photos/0 } }
        @{ Id = 'PathNotFound'; Script = { $layer | Measure-CnnFilter $TestDrive/nowhere.png } }
        @{ Id = 'FilterOutOfRange'; Script = { $layer | Measure-CnnFilter $TestDrive/photos/0 -Filter 99 } }
    ) {
        Get-FailureId $Script | Should -Be $Id
    }
}
