# examples/slurm on a real Slurm: slurmctld, and three slurmd on this machine, of which one is killed in the middle. As root, where Debian's packages can be
# had, the test installs slurm-wlm; where there is no Slurm, it is skipped.
BeforeDiscovery {
    $reason = ''
    if (-not $IsLinux) {
        $reason = 'Slurm runs on Linux only'
    }
    elseif (-not (Get-Command slurmctld, slurmd, sbatch -ErrorAction Ignore | Select-Object -Skip 2)) {
        if ((id -u) -eq 0 -and (Get-Command apt-get -ErrorAction Ignore)) {
            bash -c 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends slurm-wlm' *> $null
        }

        $reason = (Get-Command slurmctld -ErrorAction Ignore) ? '' : 'slurmctld is not installed, and cannot be'
    }

    if (-not $reason -and (id -u) -ne 0) {
        $reason = 'only root can start slurmd'
    }
}

Describe 'examples/slurm' -Skip:([bool]$reason) {
    BeforeAll {
        function Wait-Until([scriptblock] $Condition, [int] $Seconds) {
            $end = [datetime]::UtcNow.AddSeconds($Seconds)
            while (-not (& $Condition) -and [datetime]::UtcNow -lt $end) {
                Start-Sleep -Milliseconds 200
            }
        }

        function Get-Picture([string] $Folder) {
            Get-ChildItem $Folder/pictures -Recurse -Filter *.png | Sort-Object FullName | ForEach-Object { "$($_.Name) $((Get-FileHash $_).Hash)" }
        }

        # The daemon and all that it has started, as if somebody had pulled the plug; its watcher first, or it would report the end of the job.
        function Stop-Node([string] $Node) {
            $jobs = @(Get-ChildItem /proc -Directory | Where-Object Name -Match '^\d+$' | Where-Object {
                    $variables = (Get-Content "$_/environ" -Raw -ErrorAction Ignore) -split "`0"
                    $variables -contains "SLURMD_NODENAME=$Node" -and $variables -contains "CNNVIZ_FOLDER=$TestDrive/out"
                } | ForEach-Object { [int] $_.Name })
            $watchers = $jobs | ForEach-Object { [int] (ps -o ppid= -p $_) } | Where-Object { $_ -gt 1 -and $_ -notin $jobs }
            kill -9 (Get-Content "$cluster/$Node.pid") @($watchers) @($jobs)
            scontrol update nodename=$Node state=down reason=gone
        }

        Import-Module $PSScriptRoot/../../CnnViz.psd1
        . $PSScriptRoot/TinyModel.ps1
        $examples = (Resolve-Path $PSScriptRoot/../../examples/slurm).Path
        New-TinyModel -Path $TestDrive/model.onnx
        $model = Import-CnnModel $TestDrive/model.onnx
        $plan = $model | Get-CnnLayer conv* | New-FilterPlan $TestDrive/plan.json -Steps 150 -Size 48
        $null = Invoke-FilterPlan $plan.Path $TestDrive/whole

        # A cluster of its own, with ports and folders of its own.
        $cluster = (New-Item -ItemType Directory $TestDrive/cluster).FullName
        $null = New-Item -ItemType Directory $cluster/state, $cluster/n1, $cluster/n2, $cluster/n3
        $name = hostname
        $port = 20000 + 10 * ($PID % 1000)
        Set-Content $cluster/slurm.conf @"
ClusterName=cnnviz
SlurmctldHost=$name(127.0.0.1)
SlurmctldPort=$port
AuthType=auth/none
CredType=cred/none
SlurmUser=root
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/%n
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/%n.pid
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmdTimeout=300
SchedulerParameters=batch_sched_delay=0,sched_interval=1,requeue_delay=1
NodeName=n[1-3] NodeHostname=$name NodeAddr=127.0.0.1 Port=[$($port + 1)-$($port + 3)] CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"@
        $env:SLURM_CONF = "$cluster/slurm.conf"
        slurmctld -c
        'n1', 'n2', 'n3' | ForEach-Object { slurmd -N $_ }
        Wait-Until { @((sinfo -h -N -o %t) -eq 'idle').Count -eq 3 } 60
    }

    AfterAll {
        if ($env:SLURM_CONF) {
            scancel --state=PENDING, RUNNING 2>$null
            scontrol shutdown 2>$null
            Start-Sleep 1
            Get-Content $cluster/*.pid -ErrorAction Ignore | ForEach-Object { kill -9 $_ 2>$null }
            Remove-Item env:SLURM_CONF
        }
    }

    It 'makes all pictures in an array of jobs, also if a node is killed in the middle, and merges them' {
        $array, $merge = (& $examples/submit.sh $plan.Path $TestDrive/out 4) -split ' '
        $merge | Should -Match '^\d+$'

        # The second node at work, and something made.
        Wait-Until { (squeue -h -t R -w n2) -and (Get-ChildItem $TestDrive/out/ledgers -ErrorAction Ignore) } 120
        $killed = squeue -h -t R -w n2 -o %i
        $killed | Should -Not -BeNullOrEmpty
        Stop-Node n2

        # Slurm gives the task back after two minutes; here at once.
        Wait-Until { squeue -h -t PD -j $killed } 60
        scontrol update jobid=$killed starttime=now
        Wait-Until { -not (squeue -h) } 300

        $log = Get-Content "$TestDrive/out/logs/$($killed).log" -Raw
        $log | Should -Match 'on n2, start 0'
        $log | Should -Match 'on n[13], start 1'
        Get-Picture $TestDrive/out | Should -Be (Get-Picture $TestDrive/whole)
        (Get-FilterPlan $TestDrive/out).IsComplete | Should -BeTrue
        Get-Content $TestDrive/out/logs/merge_$merge.log -Raw | Should -Match 'model: 16 of 16 done, 0 failed, 0 missing'
        @(Import-Csv $TestDrive/out/results.csv).Count | Should -Be 16
        "$TestDrive/out/atlas/index.html" | Should -Exist
        "$TestDrive/out/sheets/conv1.png" | Should -Exist
    }

    It 'says what it needs' {
        (& $examples/submit.sh 2>&1) -join '' | Should -BeLike 'usage: *PLAN FOLDER SHARES*'
        $LASTEXITCODE | Should -Be 64
    }
}

if ($reason) {
    Describe "examples/slurm, which cannot be tried: $reason" {
        It 'is skipped' -Skip {
        }
    }
}
