BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Artifact drive' {
    BeforeAll {
        $null = New-TestVersion mnist @{
            'labels.csv' = "0,1`n2,3`n"; 'raw/0.png' = 'zero'; 'raw/deep/größe [1].png' = 'one'; 'raw[x]/z' = 'z'
        } @{ Alias = 'prod' }
        $null = New-TestVersion mnist @{ 'labels.csv' = 'new' }
        $null = New-TestVersion net @{ 'weights.bin' = 'w' }
    }

    BeforeEach { $null = New-PSDrive art Artifact $env:ARTIFACTS_STORE -Scope Global }
    AfterEach { Remove-PSDrive art -Force }

    Context 'Get-ChildItem' {
        It 'lists artifacts, versions with aliases, then folders with files' {
            (Get-ChildItem art:/).Name | Should -Be mnist, net
            (Get-ChildItem art:/mnist).PSChildName | Should -Be v0, v1, latest, prod
            (Get-ChildItem art:/mnist/prod).Name | Should -Be labels.csv, raw, 'raw[x]'
            (Get-ChildItem art:/mnist/prod/raw).Name | Should -Be 0.png, deep
            (Get-ChildItem art:\MNIST\V0\raw\deep).Name | Should -Be 'größe [1].png'
        }

        It 'lists recursively' {
            (Get-ChildItem art:/mnist/v0 -Recurse).PSChildName |
                Should -Be labels.csv, raw, 'raw[x]', 0.png, deep, 'größe [1].png', z
            (Get-ChildItem art:/net -Recurse).PSChildName | Should -Be v0, latest, weights.bin -Because 'aliases are not entered'
            (Get-ChildItem art:/mnist/v0 -Recurse -Depth 1).PSChildName | Should -Be labels.csv, raw, 'raw[x]', 0.png, deep, z
            Get-ChildItem art:/mnist/v0/raw -Recurse -Name | ForEach-Object { $_ -replace '\\', '/' } |
                Should -Be 0.png, deep, 'deep/größe [1].png'
        }

        It 'lists each folder before its items, at any depth' {
            $random = [Random]::new(7)
            $files = @{}
            foreach ($i in 1..60) {
                $files[(@(1..(1 + $random.Next(4)) | ForEach-Object { ('a', 'a-b', 'a.b', 'b')[$random.Next(4)] }) + "f$i") -join '/'] = "$i"
            }
            $null = New-TestVersion deep $files
            $items = Get-ChildItem art:/deep/v0 -Recurse
            $paths = $items | ForEach-Object { $_.EntryPath.TrimEnd('/') }

            @($items | Where-Object { -not $_.PSIsContainer }).EntryPath | Sort-Object |
                Should -BeExactly ((Get-ArtifactEntry deep:v0).EntryPath | Sort-Object)
            @($items.PSParentPath | Get-Unique).Count | Should -Be @($items.PSParentPath | Select-Object -Unique).Count
            $folders = $files.Keys | ForEach-Object { $at = $_; while ($at = ($at -replace '/?[^/]*$')) { $at } } | Sort-Object -Unique
            $paths | Where-Object { $_ -notmatch 'f\d+$' } | Sort-Object | Should -BeExactly $folders
            $seen = @{ '' = $true }
            $paths | Where-Object { $seen[$_] = $true; -not $seen[$_ -replace '/?[^/]*$'] } | Should -BeNullOrEmpty
            Get-ChildItem art:/deep/v0 -Recurse -Depth 99 | ForEach-Object PSPath | Should -BeExactly $items.PSPath
            $items | ForEach-Object { (Get-Item -LiteralPath $_.PSPath).EntryPath } | Should -BeExactly $items.EntryPath
        }

        It 'supports wildcards, -Include and -Exclude' {
            (Get-ChildItem art:/m*/v0/*.csv).EntryPath | Should -Be labels.csv
            (Get-ChildItem art:/mnist/v0 -Include *.png -Recurse).PSChildName | Should -Be 0.png, 'größe [1].png'
            (Get-ChildItem art:/mnist/v0 -Exclude raw*).PSChildName | Should -Be labels.csv
        }

        It 'accepts brackets by -LiteralPath and escaped' {
            (Get-ChildItem -LiteralPath 'art:/mnist/v0/raw[x]').Name | Should -Be z
            (Get-ChildItem 'art:/mnist/v0/raw`[x`]').Name | Should -Be z
        }

        It 'lists large folders folder by folder' {
            $draft = New-Artifact many dataset
            foreach ($i in 0..2) { $null = [IO.Directory]::CreateDirectory("$TestDrive/many/$i") }
            foreach ($i in 1..2500) { [IO.File]::WriteAllText("$TestDrive/many/$($i % 3)/$i", 1) }
            Add-ArtifactDirectory "$TestDrive/many" -Artifact $draft
            $null = Publish-Artifact $draft
            $items = Get-ChildItem art:/many/v0 -Recurse

            ($items | Select-Object -First 3).PSChildName | Should -Be 0, 1, 2
            $items | Group-Object { $_.PSParentPath } | ForEach-Object Count | Should -Be 3, 833, 834, 833
            ($items.PSParentPath | Get-Unique).Count | Should -Be 4
            $items.PSPath | Sort-Object -Unique | Should -HaveCount 2503
        }

        It 'is displayed in one view with the path of each folder' {
            $table = (Get-Item art:/mnist), (Get-ChildItem art:/mnist -Recurse) | ForEach-Object { $_ } | Out-String

            $headings = [regex]::Matches($table, 'Folder: (.+?)\r?\n').ForEach{ $_.Groups[1].Value }
            'art:/', 'art:/mnist', 'art:/mnist/v0', 'art:/mnist/v0/raw' | Should -BeIn $headings
            $headings | Should -Be ($headings | Select-Object -Unique)
            $headers = [regex]::Matches($table, '(?m)^Kind +Size +Details +Name\s*$')
            $headers.Count | Should -Be $headings.Count
            $table | Should -Match 'artifact +- 2 versions, dataset +mnist'
            $table | Should -Match 'version +16 B 4 files, \S.+ +v0'
            $table | Should -Match 'alias +16 B v0, 4 files +prod'
            $table | Should -Match 'file +8 B [0-9a-f]{12} +labels.csv'
            $table | Should -Match 'folder +- - +raw\[x\]'
        }

        It 'shows exact sizes in lists' {
            $null = New-TestVersion sized @{ 'sized.txt' = 'a' * 2000 }
            foreach ($item in (Get-Item art:/sized/v0), (Get-Item art:/sized/v0/sized.txt), (Get-Artifact sized), (Get-ArtifactEntry sized)) {
                $item | Format-List | Out-String | Should -Match '(?m)^Size +: 2\.0 KiB \(2000 bytes\)'
            }
        }

        It 'selects by -Filter, -File and -Directory' {
            (Get-ChildItem art:/mnist/v0 -Filter RAW*).PSChildName | Should -Be raw, 'raw[x]'
            (Get-ChildItem art:/mnist/v0 -Filter *.png -Recurse).PSChildName | Should -Be 0.png, 'größe [1].png'
            (Get-ChildItem art:/mnist/v0 -Filter *.png -Recurse -Name) -replace '\\', '/' | Should -Be raw/0.png, 'raw/deep/größe [1].png'
            (Get-ChildItem art:/mnist/v0 -File).PSChildName | Should -Be labels.csv
            (Get-ChildItem art:/mnist/v0 -Directory).PSChildName | Should -Be raw, 'raw[x]'
            (Get-ChildItem art:/mnist/v0 -File -Recurse -Include *e*).PSChildName | Should -Be labels.csv, 'größe [1].png'
            (Get-ChildItem art:/mnist/v0 -Directory -Name) | Should -Be raw, 'raw[x]'
            (Get-Item art:/mnist/v0/* -Filter *.csv).PSChildName | Should -Be labels.csv
            Get-ChildItem art:/mnist -File | Should -BeNullOrEmpty
            Remove-Item art:/mnist/* -Filter none -Recurse
            Remove-Item art:/mnist/v0 -Filter v1 -Recurse
            (Get-ChildItem art:/mnist).PSChildName | Should -Be v0, v1, latest, prod
        }

        It 'reports a missing path' {
            { Get-ChildItem art:/none -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
        }
    }

    Context 'Get-Content' {
        It 'returns lines, one text, or bytes' {
            Get-Content art:/mnist/prod/labels.csv | Should -Be '0,1', '2,3'
            Get-Content art:/mnist/prod/labels.csv -TotalCount 1 | Should -Be '0,1'
            Get-Content art:/mnist/prod/labels.csv -Raw | Should -Be "0,1`n2,3`n"
            Get-Content art:/net/latest/weights.bin -AsByteStream | Should -Be ([byte][char]'w')
            Get-Content art:/net/latest/weights.bin -Encoding Byte | Should -Be ([byte][char]'w')
            , (Get-Content art:/mnist/prod/labels.csv -AsByteStream -Raw) | Should -BeOfType byte[]
        }

        It 'reads files by wildcard and by -LiteralPath' {
            Get-Content art:/mnist/*/labels.csv -Raw | Select-Object -Unique | Should -Be "0,1`n2,3`n", new
            Get-Content -LiteralPath 'art:/mnist/v0/raw/deep/größe [1].png' | Should -Be one
        }

        It 'rejects a folder' {
            { Get-Content art:/mnist/prod -ErrorAction Stop } | Should -Throw -ExpectedMessage '*art:/mnist/prod*folder*'
        }
    }

    Context 'paths' {
        It 'reports existing paths and their kind' {
            Test-Path art:/mnist/prod/raw -PathType Container | Should -BeTrue
            Test-Path art:/mnist/prod/raw -PathType Leaf | Should -BeFalse
            Test-Path art:/mnist/prod/labels.csv -PathType Leaf | Should -BeTrue
            Test-Path art:/mnist/v* | Should -BeTrue
            Test-Path 'art:/mnist/v0/raw[x]' | Should -BeFalse
            Test-Path -LiteralPath 'art:/mnist/v0/raw[x]' | Should -BeTrue
            Test-Path art:/mnist/prod/LABELS.csv | Should -BeFalse
            foreach ($missing in 'none', 'mnist/v7', 'mnist/none', 'mnist/v0/labels.csv/b', 'a b/c:d') {
                Test-Path "art:/$missing" | Should -BeFalse
            }
        }

        It 'resolves, joins and splits paths' {
            (Resolve-Path art:/m*/v0/*.csv).Path -replace '\\', '/' | Should -Be art:/mnist/v0/labels.csv
            (Join-Path art:/mnist v0) -replace '\\', '/' | Should -Be art:/mnist/v0
            (Split-Path art:/mnist/v0/raw) -replace '\\', '/' | Should -Be art:/mnist/v0
            Split-Path art:/mnist/v0/raw -Leaf | Should -Be raw
        }

        It 'supports relative locations' {
            Push-Location art:/mnist/prod
            try {
                Get-Content labels.csv -TotalCount 1 | Should -Be '0,1'
                Set-Location raw
                (Get-ChildItem).Name | Should -Be 0.png, deep
                Set-Location ../..
                $PWD.Path -replace '\\', '/' | Should -Be art:/mnist
                Set-Location ..
                (Get-ChildItem ./net).PSChildName | Should -Be v0, latest
            }
            finally { Pop-Location }
        }

        It 'returns <Type> for <Path>' -TestCases @(
            @{ Path = 'art:/mnist'; Type = 'ArtifactSummary'; IsContainer = $true }
            @{ Path = 'art:/mnist/v0'; Type = 'ArtifactVersion'; IsContainer = $true }
            @{ Path = 'art:/mnist/prod/raw'; Type = 'ArtifactFolder'; IsContainer = $true }
            @{ Path = 'art:/mnist/prod/labels.csv'; Type = 'ArtifactEntry'; IsContainer = $false }
        ) {
            $item = Get-Item $Path

            $item.GetType().Name | Should -Be $Type
            $item.PSIsContainer | Should -Be $IsContainer
            (Get-Item $item.PSPath).PSPath | Should -Be $item.PSPath
        }

        It 'finds an item by its PSPath' {
            $item = Get-Item art:/mnist/prod/labels.csv

            (Get-Item $item.PSPath).Digest | Should -Be $item.Digest
            $item.PSDrive.Name | Should -Be art
            (Get-Item $item.PSParentPath).Reference | Should -Be mnist:v0
        }

        It 'completes <Line>' -ForEach @(
            @{ Line = 'Get-ChildItem art:/mn'; Completed = 'art:/mnist' }
            @{ Line = 'Get-ChildItem art:/mnist/pr'; Completed = 'art:/mnist/prod' }
            @{ Line = 'Get-Content art:/mnist/prod/la'; Completed = 'art:/mnist/prod/labels.csv' }
            @{ Line = 'Get-Content art:/mnist/prod/raw/deep/g'; Completed = "'art:/mnist/prod/raw/deep/größe ``[1``].png'" }
        ) {
            (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText -replace '\\', '/' | Should -Be $Completed
        }
    }

    Context 'changes' {
        It 'are visible at once' {
            $null = New-TestVersion moving @{ 'a' = '1' }
            Get-Content art:/moving/latest/a | Should -Be 1
            $null = New-TestVersion moving @{ 'a' = '2' } @{ Alias = 'fresh' }
            Get-Content art:/moving/latest/a | Should -Be 2
            Test-Path art:/moving/fresh/a | Should -BeTrue
            Remove-ArtifactAlias moving fresh
            Test-Path art:/moving/fresh | Should -BeFalse
            Invoke-InProcess {
                Import-Module $args[0]
                Set-ArtifactAlias moving:v0 elsewhere -Store $args[1]
            } $manifestPath, $env:ARTIFACTS_STORE
            Get-Content art:/moving/elsewhere/a | Should -Be 1
        }
    }

    Context 'caching' {
        It 'does not read the log of an artifact again' {
            $null = New-TestVersion cached @{ 'a' = '1' } @{ Alias = 'prod' }
            (Get-ChildItem art:/cached/latest).Name | Should -Be a
            foreach ($file in Get-ChildItem "$env:ARTIFACTS_STORE/artifacts/cached/log" -File) { Move-Item $file.FullName "$file.away" }

            (Get-ChildItem art:/cached/v0).Name | Should -Be a
            Test-Path art:/cached/prod/a | Should -BeTrue
            { Get-Artifact cached -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
        }
    }

    Context 'other commands' {
        It 'passes versions, folders and files to Save-Artifact' {
            Get-Item art:/mnist/prod/raw | Save-Artifact -Destination "$TestDrive/out"
            Get-ChildItem art:/mnist/prod/*.csv | Save-Artifact -Destination "$TestDrive/out"

            Get-Content "$TestDrive/out/raw/0.png" | Should -Be zero
            "$TestDrive/out/labels.csv" | Should -Exist
            { Copy-Item art:/mnist/prod/labels.csv $TestDrive -ErrorAction Stop } | Should -Throw
        }

        It 'saves below the home folder from a drive' {
            $provider = Get-PSProvider FileSystem
            $before = $provider.Home
            Push-Location art:/mnist/prod
            try {
                $provider.Home = (New-Item "$TestDrive/home" -ItemType Directory).FullName
                Get-Item raw | Save-Artifact -Destination ~/saved
            }
            finally {
                Pop-Location
                $provider.Home = $before
            }

            "$TestDrive/home/saved/raw/0.png" | Should -Exist
        }

        It 'passes versions to other commands' {
            (Get-Item art:/mnist/prod | Get-ArtifactEntry -Path *.csv).Artifact | Should -Be mnist:v0
        }
    }

    Context 'Remove-Item' {
        It 'removes a version by the rules of Remove-Artifact' {
            $null = New-TestVersion gone @{ 'a' = '1' } @{ Alias = 'kept' }
            $null = New-TestVersion gone @{ 'a' = '2' }

            Remove-Item art:/gone/v0 -Recurse -WhatIf
            { Remove-Item art:/gone/v0 -Recurse -ErrorAction Stop } | Should -Throw -ErrorId 'AliasInUse,*'
            (Get-ChildItem art:/gone).PSChildName | Should -Contain v0
            Remove-Item art:/gone/v0 -Recurse -Force
            (Get-ChildItem art:/gone).PSChildName | Should -Be v1, latest
        }

        It 'rejects other removals and all writes' {
            { Remove-Item art:/mnist/prod/labels.csv -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
            { Remove-Item art:/net -Recurse -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
            { Set-Content art:/mnist/prod/labels.csv x -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
            { Add-Content art:/mnist/prod/labels.csv x -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
            { Clear-Content art:/mnist/prod/labels.csv -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
            { Set-Item art:/mnist/prod/labels.csv x -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
            { Rename-Item art:/mnist/prod/labels.csv x -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
            { Move-Item art:/mnist/prod/labels.csv art:/mnist/prod/raw -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
            { Copy-Item art:/mnist/prod/labels.csv art:/mnist/prod/new -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
            { New-Item art:/mnist/prod/x -ErrorAction Stop } | Should -Throw -ErrorId 'DriveReadOnly,*'
        }
    }

    Context 'New-PSDrive' {
        It 'reports a missing store' {
            { New-PSDrive bad Artifact "$TestDrive/nothing" -ErrorAction Stop } | Should -Throw -ErrorId 'StoreNotFound,*'
        }

        It 'accepts the name of a registered store' {
            Register-ArtifactStore mine $env:ARTIFACTS_STORE
            try {
                $null = New-PSDrive named Artifact mine
                (Get-ChildItem named:/).Name | Should -Contain mnist
            }
            finally { Unregister-ArtifactStore mine }
        }
    }
}
