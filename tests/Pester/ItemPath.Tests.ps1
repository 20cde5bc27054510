BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Roots of drives' {
    BeforeAll {
        $drives = 'm', 'art', 'A-1'
        $random = [Random]::new(17)
        # Names that begin with the name of a drive, and what is left of them without it.
        $names = @(
            'm', 'mnist', 'nist', 'mm', 'art', 'artx', 'art-100', 'a-1b', 'b', '_x'
            1..5 | ForEach-Object { -join (1..(1 + $random.Next(4)) | ForEach-Object { ('m', 'art', 'a-1', '0', 'x')[$random.Next(5)] }) }
        ) | Sort-Object -Unique
        foreach ($name in $names) { $null = New-TestVersion $name @{ 'v0/a.txt' = "content of $name" } }
        foreach ($drive in $drives) { $null = New-PSDrive $drive Artifact $env:ARTIFACTS_STORE -Scope Global }
    }
    AfterAll { Remove-PSDrive $drives -Force }

    It 'are never confused with names of artifacts' {
        $wrong = foreach ($drive in $drives) {
            foreach ($name in $names) {
                $path = "${drive}:/$name/v0/v0/a.txt"
                if ((Get-Content $path) -ne "content of $name") { $path }
            }
        }

        $wrong | Should -BeNullOrEmpty
    }

    It 'are never confused with relative paths' {
        $wrong = foreach ($drive in $drives) {
            Push-Location "${drive}:/"
            foreach ($name in $names) {
                if ((Get-Content "$name/v0/v0/a.txt") -ne "content of $name") { "${drive}:/ $name" }
                Set-Location $name/v0
                if ((Get-Content v0/a.txt) -ne "content of $name") { "${drive}:/$name/v0" }
                if ((Get-Content "../../$name/v0\v0\a.txt") -ne "content of $name") { "${drive}:/$name/v0 ../.." }
                Set-Location ../..
            }
            Pop-Location
        }

        $wrong | Should -BeNullOrEmpty
    }

    It 'are part of the provider paths of items' {
        foreach ($drive in $drives) {
            $item = Get-Item "${drive}:/mnist/v0/v0/a.txt"
            Get-Content -LiteralPath $item.PSPath | Should -Be 'content of mnist'
            (Get-Item "${drive}:/art").Name | Should -Be art
        }
    }

    It 'do not change which version is removed' {
        Remove-Item m:/mnist/v0 -Recurse -Force

        Get-ChildItem m:/mnist* | Should -BeNullOrEmpty
        Get-Content m:/nist/v0/v0/a.txt | Should -Be 'content of nist'
    }

    It 'lead to their store, whatever drive has the name' {
        $other = (New-ArtifactStore "$TestDrive/other [1]").Location
        $null = New-Artifact m dataset -Store $other | Add-ArtifactFile (New-TestFile a.txt other) | Publish-Artifact
        $inner = & {
            $null = New-PSDrive m Artifact $other
            Get-Content m:/m/v0/a.txt
            Get-Item m:/m/v0/a.txt
        }

        $inner[0] | Should -Be other
        $inner[1] | Get-Content | Should -Be other -Because 'the drive is gone, the store is not'
        Get-Content m:/m/v0/v0/a.txt | Should -Be 'content of m'
    }
}

Describe 'Objects in the pipeline of a provider' {
    BeforeAll {
        $null = New-PSDrive q Artifact $env:ARTIFACTS_STORE -Scope Global
        $null = Start-ArtifactRun
        $version = New-TestVersion zed @{ 'art.txt' = 'stored'; 'dir/b.txt' = 'also stored' }
        $run = (Stop-ArtifactRun)
        $null = New-TestVersion zed @{ 'art.txt' = 'stored again' }
        $draft = New-Artifact zed dataset | Add-ArtifactFile (New-TestFile art.txt)
        $null = Set-DistributedArtifact (New-Artifact joint dataset | Add-ArtifactFile (New-TestFile b.txt)) -DistributedId one
        $damaged = (New-ArtifactStore "$TestDrive/damaged").Location
        $null = New-Artifact bad dataset -Store $damaged | Add-ArtifactFile (New-TestFile c.txt) | Publish-Artifact
        Get-ChildItem "$damaged/objects" -Recurse -File | Remove-Item -Force
        $unused = (New-ArtifactStore "$TestDrive/unused").Location
        $null = New-Artifact gone dataset -Store $unused | Add-ArtifactFile (New-TestFile c.txt) | Publish-Artifact
        Remove-Artifact gone:v0 -Store $unused -Force -Confirm:$false
        $objects = @(
            $version
            $draft
            $run
            Get-ArtifactEntry zed:v0
            Get-ArtifactEntry $draft
            Compare-Artifact zed:v0 zed:v1
            Compare-Artifact zed:v0 zed:v1 -Summary
            Test-Artifact zed:v0 -Path (New-Item "$TestDrive/empty" -ItemType Directory)
            Get-ArtifactStore $env:ARTIFACTS_STORE
            Get-ArtifactHistory zed
            Get-ArtifactLineage zed:v0
            Get-DistributedArtifact joint -DistributedId one
            (Get-DistributedArtifact joint -DistributedId one).Contributions
            Get-ArtifactSignature zed:v0
            Get-ArtifactEvidence zed:v0
            Protect-ArtifactAlias guarded -NoDelete -PassThru
            Register-ArtifactReferenceHandler zed -Probe { } -Open { }
            Test-ArtifactStore $damaged
            Optimize-ArtifactStore $unused -GracePeriod 0:00 -Force -Confirm:$false
            Get-Item q:/
            Get-ChildItem q:/
            Get-ChildItem q:/zed
            Get-ChildItem q:/zed/v0 -Recurse
        )
        $objects | Export-Clixml "$TestDrive/objects.clixml" -Depth 1
        $objects += Import-Clixml "$TestDrive/objects.clixml"
        # Local files and folders with the names that the objects could be taken for.
        $folder = (New-Item "$TestDrive/work" -ItemType Directory).FullName
        foreach ($object in $objects) {
            foreach ($name in "$object", $object.EntryPath, $object.Name, $object.Id, $object.DistributedId, $object.Artifact) {
                if ($name -and $name.Length -lt 100 -and -not [IO.Path]::IsPathRooted($name)) {
                    $file = [IO.Path]::Combine($folder, $name)
                    if ([IO.Directory]::Exists($file) -or $name.EndsWith('/')) { continue }
                    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
                    [IO.File]::WriteAllText($file, 'local')
                }
            }
        }
        Push-Location $folder
        function Get-LocalFile { Get-ChildItem -LiteralPath $TestDrive -Recurse | ForEach-Object FullName }
    }
    AfterAll {
        Pop-Location
        Remove-PSDrive q
        Unregister-ArtifactReferenceHandler zed
    }

    It 'are of every type that the module outputs' {
        $commands = Get-Command -Module Artifacts -CommandType Cmdlet
        $types = @($commands.OutputType.Type | Where-Object FullName -Like 'ArtifactsPS.*') + @(
            (Get-PSProvider Artifact).ImplementingType.GetCustomAttributes([Management.Automation.OutputTypeAttribute], $false).Type.Type |
                Where-Object FullName -Like 'ArtifactsPS.*')
        $names = $types.FullName | Sort-Object -Unique
        $names | Should -Not -BeNullOrEmpty

        $tested = $objects | ForEach-Object { $_.PSTypeNames }
        foreach ($name in $names) {
            $tested | Should -Contain $name
            $tested | Should -Contain "Deserialized.$name"
        }
    }

    It 'have no property that is bound as a path of the file system' {
        foreach ($object in $objects) {
            foreach ($name in 'Path', 'LiteralPath', 'FullName', 'LP', 'FilePath', 'Destination') {
                $object.PSObject.Properties[$name] | Should -BeNullOrEmpty -Because "$($object.PSTypeNames[0]) has $name"
            }
            $object.PSPath | Should -BeLike '*Artifact::*'
        }
    }

    It 'are listed by few properties after objects of another type' {
        $types = $objects | Where-Object { $_.PSTypeNames[0] -notlike 'Deserialized.*' } | Group-Object { $_.GetType() }
        foreach ($object in $types | ForEach-Object { $_.Group[0] }) {
            $shown = & { Get-Item $TestDrive; $object } | Out-String
            $list = $shown.Substring($shown.IndexOf((Split-Path $TestDrive -Leaf))) -split "`n" -match '^\w+ +: '
            $because = "$($object.PSTypeNames[0]) is shown as $shown"
            $list.Count | Should -BeGreaterThan 1 -Because $because
            $list.Count | Should -BeLessThan 8 -Because $because
            $list | Should -Not -Match '^PSPath' -Because $because
        }
    }

    It 'never lead <_> to local files' -ForEach 'Get-Content', 'Get-Item', 'Get-ChildItem', 'Import-Csv', 'Get-FileHash' {
        foreach ($object in $objects) {
            $output = try { $object | & $_ -ErrorAction SilentlyContinue } catch { $null }
            foreach ($item in $output) {
                $item | Should -Not -Be local -Because "$($object.PSTypeNames[0]) was read"
                $item | Should -Not -BeOfType IO.FileSystemInfo -Because "$($object.PSTypeNames[0]) was found"
                if ($_ -eq 'Get-FileHash') { $item.Path | Should -BeNullOrEmpty }
            }
        }
    }

    It 'exist for Test-Path only on a drive' {
        foreach ($object in $objects) {
            $exists = $object | Test-Path
            $isItem = ($object.PSTypeNames[0] -match 'Artifact(Version|Summary|Folder|Store|Entry|LineageNode)') -and
                $object.PSPath -notmatch '::~'
            $exists | Should -Be ($isItem -and $object.Location -ne $damaged) -Because "$object"
        }
    }

    It 'are not copied from or to local files' {
        $before = Get-LocalFile
        foreach ($object in $objects) { $object | Copy-Item -Destination "$TestDrive/copy" -ErrorAction SilentlyContinue }

        Get-LocalFile | Should -Be $before
    }

    It 'are shown by Remove-Item -WhatIf without local files' {
        $null = Start-Transcript "$TestDrive/shown.txt"
        try { $objects | Remove-Item -Recurse -WhatIf -ErrorAction SilentlyContinue } finally { $null = Stop-Transcript }
        $shown = Get-Content "$TestDrive/shown.txt" | Where-Object { $_ -like 'What if:*' }

        $shown | Should -Not -BeNullOrEmpty
        $shown | Should -BeLike '*target "zed:v?"*'
    }

    It 'remove no local file' {
        $before = Get-LocalFile
        $objects | Where-Object { $_.PSTypeNames[0] -notlike '*ArtifactVersion*' -and $_.PSTypeNames[0] -notlike '*Lineage*' } |
            Remove-Item -Recurse -Force -ErrorAction SilentlyContinue
        foreach ($entry in $objects | Where-Object { $_.PSTypeNames[0] -like '*ArtifactEntry' }) {
            Remove-Item $entry -Force -ErrorAction SilentlyContinue
        }

        Get-LocalFile | Should -Be $before
    }

    It 'never lead <_> to local files as its argument' -ForEach 'Get-Content', 'Get-Item', 'Get-ChildItem', 'Get-FileHash', 'Resolve-Path' {
        foreach ($object in $objects) {
            $output = try { & $_ $object -ErrorAction SilentlyContinue } catch { $null }
            $output | Should -BeNullOrEmpty -Because "'$object' is a $($object.PSTypeNames[0])"
        }
    }

    It 'do not exist for Test-Path as its argument' {
        foreach ($object in $objects) { Test-Path $object | Should -BeFalse -Because "'$object' is a $($object.PSTypeNames[0])" }
    }

    It 'are no local files as arguments of commands that change files' {
        $before = Get-LocalFile
        $null = Start-Transcript "$TestDrive/arguments.txt"
        try {
            foreach ($object in $objects) {
                Remove-Item $object -Recurse -WhatIf -ErrorAction SilentlyContinue
                Remove-Item $object -Recurse -Force -ErrorAction SilentlyContinue
                Copy-Item $object "$TestDrive/copy" -Recurse -ErrorAction SilentlyContinue
                Move-Item $object "$TestDrive/moved" -ErrorAction SilentlyContinue
                Clear-Content $object -ErrorAction SilentlyContinue
            }
        }
        finally { $null = Stop-Transcript }

        Get-Content "$TestDrive/arguments.txt" | Should -Not -BeLike 'What if:*'
        Get-LocalFile | Where-Object { $_ -notlike '*arguments.txt' } | Should -Be $before
    }

    It 'are arguments of this module by their names' {
        (Get-ArtifactRun $run).Id | Should -Be $run.Id
        (Get-ArtifactRun (Import-Clixml "$TestDrive/objects.clixml" | Where-Object PSPath -Like '*~run*')[0]).Id | Should -Be $run.Id
        (New-Artifact (Get-Item q:/zed)).Name | Should -Be zed
        (New-Artifact $draft).Type | Should -Be dataset
        $store = Get-ArtifactStore $env:ARTIFACTS_STORE
        (Get-ArtifactStore $store).Location | Should -Be $env:ARTIFACTS_STORE
        (Get-Artifact zed:v1 -Store $store).Reference | Should -Be zed:v1
        $null = New-PSDrive given Artifact $store
        Get-Content given:/zed/v1/art.txt | Should -Be 'stored again'
        Remove-PSDrive given
        (Get-DistributedArtifact (Get-DistributedArtifact joint)).DistributedId | Should -Be one
    }

    It 'are not added as local files' {
        $target = New-Artifact target dataset
        foreach ($object in $objects) { $object | Add-ArtifactFile -Artifact $target -ErrorAction SilentlyContinue }

        $target.FileCount | Should -Be 0
    }

    It 'read and list entries and versions of their own store' {
        Get-ArtifactEntry zed:v0 art.txt | Get-Content | Should -Be stored
        Import-Clixml "$TestDrive/objects.clixml" | Where-Object PSPath -Like '*zed*dir?b.txt' | Get-Content | Select-Object -First 1 | Should -Be 'also stored'
        (Get-Artifact zed:v0 | Get-ChildItem).PSChildName | Should -Be art.txt, dir
    }
}

Describe 'Entries in the pipeline of this module' {
    BeforeAll {
        $store = (New-ArtifactStore "$TestDrive/elsewhere").Location
        $version = New-Artifact piped dataset -Store $store | Add-ArtifactFile -LiteralPath (New-TestFile 'a [1].txt' one) | Publish-Artifact
        $null = New-TestVersion piped @{ 'a [1].txt' = 'wrong store' }
        $entry = $version | Get-ArtifactEntry
        $entry | Export-Clixml "$TestDrive/entry.clixml"
    }

    It 'are read from <_>' -ForEach 'the command', 'CLIXML', 'a job' {
        $out = "$TestDrive/out $_"
        $piped = switch ($_) {
            'the command' { $entry }
            CLIXML { Import-Clixml "$TestDrive/entry.clixml" }
            'a job' { Start-ThreadJob { param($entry) $entry } -ArgumentList (Import-Clixml "$TestDrive/entry.clixml") | Receive-Job -Wait -AutoRemoveJob }
        }

        $piped.EntryPath | Should -Be 'a [1].txt'
        $piped | Get-ArtifactContent | Should -Be one
        $piped | Save-Artifact -Destination $out
        Get-Content -LiteralPath "$out/a [1].txt" | Should -Be one
        $draft = New-ArtifactDraft $version
        $piped | Remove-ArtifactEntry -Artifact $draft
        $draft.FileCount | Should -Be 0
    }

    It 'of a draft are not taken for those of a version' {
        $draft = New-Artifact piped dataset | Add-ArtifactFile -LiteralPath (New-TestFile 'a [1].txt' draft)
        $piped = Get-ArtifactEntry $draft
        $piped | Export-Clixml "$TestDrive/drafted.clixml"

        { $piped | Get-ArtifactContent -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotPublished,*'
        { Import-Clixml "$TestDrive/drafted.clixml" | Get-ArtifactContent -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArtifactNotPublished,*'
    }

    It 'is a draft of another session, which is refused' {
        New-Artifact piped dataset | Export-Clixml "$TestDrive/draft.clixml"

        { Import-Clixml "$TestDrive/draft.clixml" | Get-ArtifactEntry -ErrorAction Stop } |
            Should -Throw -ExpectedMessage '*created in another session*'
    }

    It 'mean an artifact of a drive in the store of the drive' {
        $null = New-PSDrive far Artifact $store
        Get-Item far:/piped | Get-ArtifactEntry | Get-ArtifactContent | Should -Be one
        Remove-PSDrive far
    }
}
