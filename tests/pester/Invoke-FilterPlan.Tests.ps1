BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    $manifest = (Resolve-Path $PSScriptRoot/../../CnnViz.psd1).Path
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx
    $plan = $model | Get-CnnLayer conv* | New-FilterPlan $TestDrive/plan.json -Steps 3 -Size 16

    # Names and bytes of all pictures.
    function Get-Picture([string] $Folder) {
        Get-ChildItem $Folder/pictures -Recurse -File | Sort-Object FullName | ForEach-Object { "$($_.Name) $((Get-FileHash $_).Hash)" }
    }

    $results = Invoke-FilterPlan $plan.Path $TestDrive/whole
    $whole = Get-Picture $TestDrive/whole

    # A process that does a plan's share and can be killed.
    function Start-Shard([string] $Command) {
        Start-Process pwsh -PassThru -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$manifest'; $Command *> '$TestDrive/shard.log'"
    }
}

Describe 'Invoke-FilterPlan' {
    It 'makes all pictures, with all facts in them' {
        $results.Count | Should -Be 16
        $results.Where{ $_.Error } | Should -BeNullOrEmpty
        $image = Import-FilterImage $results[0].Path
        $image.Layer, $image.Filter, $image.Recipe.Steps, $image.ModelSha256 | Should -Be conv1, 0, 3, $model.Sha256
        $image.Activation | Should -Be $results[0].Activation
    }

    It 'makes the pictures that Invoke-FilterMaximization makes, to the byte' {
        $model | Get-CnnLayer conv2 | Invoke-FilterMaximization 0, 3 -Steps 3 -Size 16 -BatchSize 1 | Export-FilterImage $TestDrive/single
        foreach ($filter in 0, 3) {
            $name = "conv2_000$filter.png"
            (Get-FileHash $TestDrive/single/$name).Hash | Should -Be (Get-FileHash (Get-ChildItem $TestDrive/whole -Recurse -Filter $name)).Hash
        }
    }

    It 'makes the same pictures in <_> shares' -ForEach 2, 5 {
        $count = $_
        foreach ($index in 0..($count - 1)) {
            $null = Invoke-FilterPlan $plan.Path $TestDrive/shares$count -ShardIndex $index -ShardCount $count
        }

        Get-Picture $TestDrive/shares$count | Should -Be $whole
    }

    It 'takes number and count of the share from the variables of <_.Engine>' -ForEach @(
        @{ Engine = 'Slurm'; Variables = @{ SLURM_ARRAY_TASK_ID = 12; SLURM_ARRAY_TASK_MIN = 10; SLURM_ARRAY_TASK_COUNT = 4; SLURM_ARRAY_TASK_STEP = 1 } }
        @{ Engine = 'Kubernetes'; Variables = @{ JOB_COMPLETION_INDEX = 2; CNNVIZ_SHARD_COUNT = 4 } }
    ) {
        $Variables.GetEnumerator() | ForEach-Object { Set-Item env:$($_.Key) $_.Value }
        try {
            $made = Invoke-FilterPlan $plan.Path $TestDrive/of$Engine
        }
        finally {
            $Variables.Keys | ForEach-Object { Remove-Item env:$_ }
        }

        $given = Invoke-FilterPlan $plan.Path $TestDrive/given$Engine -ShardIndex 2 -ShardCount 4
        $made.ForEach{ "$($_.Layer):$($_.Filter)" } | Should -Be $given.ForEach{ "$($_.Layer):$($_.Filter)" }
    }

    It 'goes on where it stopped, by the plan of the folder, also behind Select-Object -First' {
        $null = Invoke-FilterPlan $plan.Path $TestDrive/stopped | Select-Object -First 1
        $left = (Get-FilterPlan $TestDrive/stopped).Missing
        $left | Should -BeIn (0..15)
        @(Invoke-FilterPlan -Path $TestDrive/stopped).Count | Should -Be $left
        Get-Picture $TestDrive/stopped | Should -Be $whole
    }

    It 'makes nothing with -WhatIf, and says how much it would make' {
        $said = pwsh -NoProfile -Command "Import-Module '$manifest'; Invoke-FilterPlan '$($plan.Path)' '$TestDrive/none' -ShardIndex 0 -ShardCount 4 -WhatIf"
        "$said" | Should -Match "Make \d of the 16 pictures of 'model' \(shard 0 of 4\)"
        "$TestDrive/none" | Should -Not -Exist
    }

    It 'begins nothing when time is up' {
        Invoke-FilterPlan $plan.Path $TestDrive/late -TimeLimit 0 | Should -BeNullOrEmpty
        (Get-FilterPlan $TestDrive/late).Missing | Should -Be 16
    }

    It 'finds the model beside the plan' {
        $null = New-Item -ItemType Directory $TestDrive/moved
        Copy-Item $TestDrive/model.onnx $TestDrive/moved
        $json = (Get-Content $plan.Path -Raw).Replace(($model.Path | ConvertTo-Json), '"C:\\models\\model.onnx"')
        Set-Content $TestDrive/moved/plan.json $json
        @(Invoke-FilterPlan $TestDrive/moved/plan.json $TestDrive/moved/out).Count | Should -Be 16
        Get-Picture $TestDrive/moved/out | Should -Be $whole
    }

    It 'imports the model as it was imported for the plan' {
        Set-Content $TestDrive/names.txt (0..9).ForEach{ "class $_" }
        $named = Import-CnnModel $TestDrive/model.onnx -ClassName $TestDrive/names.txt -Preprocessing Caffe
        $planned = $named | Get-CnnLayer classifier | New-FilterPlan $TestDrive/named.json -Filter 2 -Steps 2
        $named.Dispose()
        $made = Invoke-FilterPlan $planned.Path $TestDrive/named
        $made.ClassName | Should -Be 'class 2'
        (Import-FilterImage $made.Path).Preprocessing | Should -BeLike 'Caffe*'
    }

    It 'is one error with the id <Id> where <What>' -ForEach @(
        @{ Id = 'PlanInvalid'; What = 'the file is no plan'; Script = { Set-Content $TestDrive/bad.json '{'; Invoke-FilterPlan $TestDrive/bad.json $TestDrive/x } }
        @{ Id = 'PathNotFound'; What = 'there is no plan'; Script = { Invoke-FilterPlan -Path $TestDrive/x } }
        @{ Id = 'ShardInvalid'; What = 'there is no such share'; Script = { Invoke-FilterPlan $plan.Path $TestDrive/x -ShardIndex 3 -ShardCount 3 } }
        @{ Id = 'ShardCountMissing'; What = 'nobody says how many there are'; Script = { Invoke-FilterPlan $plan.Path $TestDrive/x -ShardIndex 3 } }
        @{ Id = 'PlanModelNotFound'; What = 'the model is not there'; Script = {
                Set-Content $TestDrive/gone.json (Get-Content $plan.Path -Raw).Replace('model.onnx"', 'gone.onnx"')
                Invoke-FilterPlan $TestDrive/gone.json $TestDrive/x
            } }
        @{ Id = 'PlanModelMismatch'; What = 'the model is another one'; Script = { Invoke-FilterPlan $plan.Path $TestDrive/x -Model (Import-CnnModel patterns) } }
        @{ Id = 'PlanFolderTaken'; What = 'the folder has another plan'; Script = {
                $other = $model | Get-CnnLayer conv1 | New-FilterPlan $TestDrive/other.json -Steps 1 -Force
                Invoke-FilterPlan $other.Path $TestDrive/whole
            } }
    ) {
        $failure = try {
            & $Script 2>&1
        }
        catch {
            $_
        }

        @($failure).Count | Should -Be 1
        @($failure)[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        Get-Picture $TestDrive/whole | Should -Be $whole
    }

    It 'reports a picture that fails, makes the others, and tries it again' {
        $target = $results[5].Path.Replace('whole', 'failing')
        $null = New-Item -ItemType Directory $target/x
        $made = Invoke-FilterPlan $plan.Path $TestDrive/failing -ErrorAction SilentlyContinue -ErrorVariable failure
        $made.Count | Should -Be 16
        $failure.Count | Should -Be 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileIsFolder,*'
        (Get-FilterPlan $TestDrive/failing).Failed | Should -Be 1
        Remove-Item $target -Recurse
        @(Invoke-FilterPlan $plan.Path $TestDrive/failing).Count | Should -Be 1
        Get-Picture $TestDrive/failing | Should -Be $whole
    }

    It 'has an exit code by pwsh -Command: <Code> where <What>' -ForEach @(
        @{ Code = 0; What = 'all is made'; Break = $false }
        @{ Code = 1; What = 'a picture failed'; Break = $true }
    ) {
        $folder = "$TestDrive/code$Code"
        if ($Break) {
            $null = New-Item -ItemType Directory $results[5].Path.Replace("$TestDrive/whole", $folder)
        }

        $null = pwsh -NoProfile -NonInteractive -Command "Import-Module '$manifest'; Invoke-FilterPlan '$($plan.Path)' '$folder'" 2>&1
        $LASTEXITCODE | Should -Be $Code
    }
}

Describe 'A share that is killed' {
    It 'loses nothing, makes nothing twice, and ends with the bytes of an undisturbed run' {
        $random = [Random]::new(1)
        $long = $model | Get-CnnLayer conv* | New-FilterPlan $TestDrive/long.json -Steps 60 -Size 32
        $null = Invoke-FilterPlan $long.Path $TestDrive/longwhole
        $written = @{}
        foreach ($kill in 1..4) {
            $process = Start-Shard "Invoke-FilterPlan '$($long.Path)' '$TestDrive/killed' -ShardIndex $($kill % 2) -ShardCount 2"
            $patience = [datetime]::UtcNow.AddSeconds(60)
            $wanted = $written.Count + $random.Next(1, 4)
            do {
                Start-Sleep -Milliseconds $random.Next(5, 60)
                $files = @(Get-ChildItem $TestDrive/killed/pictures -Recurse -File -Filter *.png -ErrorAction Ignore)
            } until ($files.Count -ge $wanted -or $process.HasExited -or [datetime]::UtcNow -gt $patience)
            $process.Kill($true)
            $process.WaitForExit()
            foreach ($file in Get-ChildItem $TestDrive/killed/pictures -Recurse -File -Filter *.png) {
                # Nobody has touched what was there.
                $written.ContainsKey($file.FullName) -and $written[$file.FullName] -ne $file.LastWriteTimeUtc | Should -BeFalse
                $written[$file.FullName] = $file.LastWriteTimeUtc
            }
        }

        $written.Count | Should -BeGreaterThan 0
        $null = Invoke-FilterPlan $long.Path $TestDrive/killed
        foreach ($path in $written.Keys) {
            (Get-Item $path).LastWriteTimeUtc | Should -Be $written[$path]
        }

        Get-Picture $TestDrive/killed | Where-Object { $_ -notlike '*.part *' } | Should -Be (Get-Picture $TestDrive/longwhole)
        @(Get-FilterPlan $TestDrive/killed -Result).Count | Should -Be 16
        (Get-Content $TestDrive/killed/ledgers/*.jsonl | Where-Object { $_.EndsWith('}') } | ForEach-Object { ($_ | ConvertFrom-Json) } |
            Group-Object Layer, Filter | Where-Object Count -GT 1) | Should -BeNullOrEmpty
    }
}
