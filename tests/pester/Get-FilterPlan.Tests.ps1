BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx
    $plan = $model | Get-CnnLayer conv1, dead | New-FilterPlan $TestDrive/plan.json -Steps 2 -Size 16
    $null = Invoke-FilterPlan $plan.Path $TestDrive/out -ShardIndex 0 -ShardCount 2
}

Describe 'Get-FilterPlan' {
    It 'says what is done and what is missing, with the hours that are left' {
        $state = Get-FilterPlan $TestDrive/out
        $state.Pictures | Should -Be 9
        $state.Done | Should -BeIn (1..8)
        $state.Done + $state.Missing | Should -Be 9
        $state.HoursLeft | Should -BeGreaterThan 0
        $state.Fraction | Should -BeGreaterThan 0
        $state.Fraction | Should -BeLessThan 1
        $state.IsComplete | Should -BeFalse
    }

    It 'says when all is done; a filter that nothing raises is' {
        $null = Invoke-FilterPlan -Path $TestDrive/out
        $state = Get-FilterPlan $TestDrive/out
        $state.IsComplete | Should -BeTrue
        $state.Done, $state.NoSignal, $state.Missing, $state.HoursLeft | Should -Be 9, 1, 0, 0
    }

    It 'gives a row for each picture out of all ledgers, in the order of the plan' {
        $rows = Get-FilterPlan $TestDrive/out -Result
        $rows.ForEach{ "$($_.Layer):$($_.Filter)" } | Should -Be (@((0..7).ForEach{ "conv1:$_" }) + 'dead:0')
        $rows[-1].Status | Should -Be Dead
        $rows[-1].Path | Should -BeNullOrEmpty
        $rows[0].Path | Should -Exist
        $rows[0].Activation | Should -Be (Import-FilterImage $rows[0].Path).Activation
        $rows | Export-Csv $TestDrive/rows.csv
        (Import-Csv $TestDrive/rows.csv)[8].Status | Should -Be Dead
    }

    It 'takes folders through the pipeline and by wildcards' {
        (Get-Item $TestDrive/out | Get-FilterPlan).Done | Should -Be 9
        (Get-FilterPlan $TestDrive/o*t).Done | Should -Be 9
        (Get-FilterPlan -LiteralPath $TestDrive/out).Done | Should -Be 9
    }

    It 'is one error for a plan of absurd numbers, which take no memory' {
        $folder = New-Item -ItemType Directory $TestDrive/absurd
        $large = (Get-Content $TestDrive/out/plan.json -Raw | ConvertFrom-Json -AsHashtable)
        $large.count = 1048576
        $large.layers = @(foreach ($i in 1..20000) { @{ name = "layer$i"; filters = '0-1048575'; cost = 1 } })
        ConvertTo-Json $large -Depth 9 | Set-Content $folder/plan.json
        [GC]::Collect()
        $before = [GC]::GetTotalAllocatedBytes()
        Get-FilterPlan $folder -ErrorAction SilentlyContinue -ErrorVariable failure
        Invoke-FilterPlan $folder/plan.json $TestDrive/absurd2 -ErrorAction SilentlyContinue -ErrorVariable +failure
        ([GC]::GetTotalAllocatedBytes() - $before) / 1MB | Should -BeLessThan 200
        $failure.ForEach{ $_.FullyQualifiedErrorId -replace ',.*' } | Should -Be PlanInvalid, PlanInvalid
        "$($failure[0])" | Should -Match 'more than \d+ pictures'
    }

    It 'is an error for a folder without a plan' {
        Get-FilterPlan (New-Item -ItemType Directory $TestDrive/empty) -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'PlanNotFound,*'
    }
}

Describe 'What is made of the pictures of a plan' {
    It 'is an atlas, with the filters that nothing raises' {
        $null = Invoke-FilterPlan -Path $TestDrive/out
        Export-FilterAtlas $TestDrive/atlas -Plan $TestDrive/out -Model $model
        $filters = Get-Content $TestDrive/atlas/atlas.json -Raw
        $filters | Should -Match conv1
        $filters | Should -Match dead
        @(Get-ChildItem $TestDrive/atlas -Recurse -Filter *.html).Count | Should -BeGreaterOrEqual 10
    }

    It 'is a sheet' {
        Export-FilterSheet $TestDrive/sheet.png -Plan $TestDrive/out
        "$TestDrive/sheet.png" | Should -Exist
    }

    It 'is nothing for a folder without a plan' {
        { Export-FilterSheet $TestDrive/none.png -Plan $TestDrive/empty -ErrorAction Stop } | Should -Throw '*There is no plan in*'
        { Export-FilterAtlas $TestDrive/none -Plan $TestDrive/empty -ErrorAction Stop } | Should -Throw '*There is no plan in*'
    }
}
