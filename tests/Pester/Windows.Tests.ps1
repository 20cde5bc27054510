# Names, paths and files that only Windows has. tests/Wine/list.txt names the tags that Wine can't run.
BeforeDiscovery { $isOtherSystem = $PSEdition -eq 'Core' -and -not $IsWindows }
BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Paths of Windows' -Skip:$isOtherSystem {
    BeforeAll {
        $version = New-TestVersion paths @{ 'a.txt' = 'a'; 'dir/b.txt' = 'b' }
        $drive, $rest = "$TestDrive".Substring(0, 1), "$TestDrive".Substring(2)
    }

    It 'with <Case> reach the same folders' -ForEach @(
        @{ Case = 'a lower-case drive'; Form = { $drive.ToLowerInvariant() + ':' + $rest } }
        @{ Case = 'slashes'; Form = { "${drive}:" + $rest.Replace('\', '/') } }
        @{ Case = 'another case'; Form = { "${drive}:" + $rest.ToUpperInvariant() } }
        @{ Case = '\\?\'; Form = { "\\?\${drive}:$rest" } }
        @{ Case = '\\.\'; Form = { "\\.\${drive}:$rest" } }
        @{ Case = 'a share'; Form = { "\\localhost\$drive`$$rest" } }
        @{ Case = '\\?\UNC\'; Form = { "\\?\UNC\localhost\$drive`$$rest" } }
    ) {
        $root = & $Form
        if (-not [IO.Directory]::Exists($root)) { Set-ItResult -Skipped -Because "'$root' can't be reached here" }
        $name = [IO.Path]::GetRandomFileName()
        $null = New-TestFile "$name/source/a.txt" a
        $null = New-TestFile "$name/source/dir/b.txt" b
        $store = (New-ArtifactStore "$root\$name\store").Location
        $draft = New-Artifact paths dataset -Store $store | Add-ArtifactDirectory -LiteralPath "$root\$name\source"
        Add-ArtifactFile -LiteralPath "$root\$name\source\a.txt" -Name again.txt -Artifact $draft
        $published = Publish-Artifact $draft
        Save-Artifact paths "$root\$name\out" -Store $store

        (Get-Artifact paths -Store "$TestDrive/$name/store").Digest | Should -Be $published.Digest
        (Get-ArtifactEntry paths -Store $store).EntryPath | Should -Be a.txt, again.txt, dir/b.txt
        Test-Artifact paths -Path "$TestDrive/$name/out" -Store $store -Quiet | Should -BeTrue
        Test-Artifact paths -Path "$root\$name\out" -Store $store -Quiet | Should -BeTrue
        Compare-Artifact paths "$root\$name\source" -Store $store | ForEach-Object EntryPath | Should -Be again.txt
        # Guards recognize the store by its folder, not by its name.
        foreach ($destination in "$root\$name", "$root\$name\store\objects") {
            { Save-Artifact paths $destination -Clean -Store $store -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
            { Save-Artifact $version.Reference $destination -Clean -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
        }
        { New-Artifact x dataset | Add-ArtifactDirectory -LiteralPath "$root\$name\store\objects" -ErrorAction Stop } |
            Should -Throw -ErrorId 'FolderIsStore,*'
        Test-ArtifactStore $store -Quiet | Should -BeTrue
    }

    It 'relative to a drive start in its current folder' {
        Push-Location $TestDrive
        try { Save-Artifact paths "${drive}:relative" } finally { Pop-Location }

        "$TestDrive\relative\dir\b.txt" | Should -Exist
    }

    It 'at the root of a drive hold a store' {
        # A drive that the tests may fill: Y, if it is empty.
        $root = 'Y:\'
        if (-not [IO.Directory]::Exists($root) -or [IO.Directory]::GetFileSystemEntries($root).Count) {
            Set-ItResult -Skipped -Because 'there is no empty drive Y'
        }
        try {
            $store = (New-ArtifactStore $root).Location
            Copy-Artifact paths -Destination $store
            Save-Artifact paths "$TestDrive/from drive" -Store 'y:'
            { Save-Artifact paths $root -Clean -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'

            $store | Should -Be $root
            Get-Content "$TestDrive/from drive/dir/b.txt" | Should -Be b
            Test-ArtifactStore $root -Quiet | Should -BeTrue
        }
        finally {
            Get-ChildItem $root -Recurse -File | ForEach-Object { $_.IsReadOnly = $false }
            Get-ChildItem $root | Remove-Item -Recurse -Force
        }
    }

    It 'of more than 260 characters are published, restored, verified and cleaned' -Tag LongFinalPath {
        $long = Join-Path $TestDrive ((1..10 | ForEach-Object { "$_" * 20 + ' long' }) -join '\')
        $null = [IO.Directory]::CreateDirectory("$long\source\sub")
        [IO.File]::WriteAllText("$long\source\sub\a.txt", 'long')
        $store = (New-ArtifactStore "$long\store").Location
        $out = "$long\out"
        New-Artifact long dataset -Store $store | Add-ArtifactDirectory -LiteralPath "$long\source" | Publish-Artifact |
            Save-Artifact -Destination $out
        [IO.File]::WriteAllText("$out\sub\a.txt", 'edited')
        $null = [IO.Directory]::CreateDirectory("$out\extra\deep")
        [IO.File]::WriteAllText("$out\extra\deep\b.txt", 'extra')
        (Test-Artifact long -Path $out -Store $store).Problem | Sort-Object | Should -Be Extra, Modified
        Save-Artifact long $out -Clean -Store $store

        Test-Artifact long -Path $out -Store $store -Quiet | Should -BeTrue
        [IO.Directory]::Exists("$out\extra") | Should -BeFalse
        { Save-Artifact long $long -Clean -Store $store -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
        Test-ArtifactStore $store -Quiet | Should -BeTrue
    }

    It 'in their short form reach the same folders' {
        $name = 'a store with a long name'
        $store = (New-ArtifactStore "$TestDrive/$name/store").Location
        New-Artifact short dataset -Store $store | Add-ArtifactFile (New-TestFile 'some long name.text' short) | Publish-Artifact
        $type = Add-Type -Namespace ArtifactsTest -Name ShortPath -PassThru -MemberDefinition @'
[DllImport("kernel32", CharSet = CharSet.Unicode)]
public static extern int GetShortPathNameW(string path, System.Text.StringBuilder text, int length);
'@
        $text = New-Object Text.StringBuilder 1000
        $null = $type::GetShortPathNameW("$TestDrive\$name", $text, $text.Capacity)
        $short = $text.ToString()
        if ($short -notlike '*~*') { Set-ItResult -Skipped -Because 'this drive has no short names' }

        Save-Artifact short "$TestDrive/from short" -Store "$short\store"
        "$TestDrive/from short/some long name.text" | Should -Exist
        foreach ($destination in $short, "$short\store", "$short\store\objects") {
            { Save-Artifact short $destination -Clean -Store $store -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
        }
        { New-Artifact x dataset | Add-ArtifactDirectory -LiteralPath "$short\store" -ErrorAction Stop } |
            Should -Throw -ErrorId 'FolderIsStore,*'
    }
}

Describe 'Names that Windows lacks' -Skip:$isOtherSystem {
    It 'are refused: <_>' -ForEach @(
        'CON', 'nul.txt', 'dir/aux', 'com1.tar.gz', 'lpt9', "COM$([char]0xb9)", 'conin$', 'nul .txt'
        'a.', 'a ', 'dir. /a', 'a.txt:stream', 'a<b', 'a>b', 'a"b', 'a|b', 'a?b', 'a*b'
    ) {
        $name, $out = "names$([Math]::Abs($_.GetHashCode()))", (Join-Path $TestDrive ([IO.Path]::GetRandomFileName()))
        $draft = New-Artifact $name dataset
        foreach ($path in $_, 'good.txt') { $path | Add-ArtifactObject -Name $path -As Text -Artifact $draft }
        Publish-Artifact $draft
        { Save-Artifact $name $out -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
        $out | Should -Not -Exist
        Save-Artifact $name $out -Path good.txt

        [IO.Directory]::GetFileSystemEntries($out) | Split-Path -Leaf | Should -Be good.txt
    }

    It 'are refused if they differ only in case: <_>' -ForEach @('A.txt', 'a.txt'), @('Dir/x', 'dir/y'), @('a', 'A/b') {
        $name, $out = "case$($_[0].Length)$($_[1].Length)", (Join-Path $TestDrive ([IO.Path]::GetRandomFileName()))
        $draft = New-Artifact $name dataset
        foreach ($path in $_) { $path | Add-ArtifactObject -Name $path -As Text -Artifact $draft }
        Publish-Artifact $draft
        { Save-Artifact $name $out -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
        $out | Should -Not -Exist
        Save-Artifact $name $out -LiteralPath $_[1]

        (Get-ChildItem $out -Recurse -File).Count | Should -Be 1
    }

    It 'are added from a folder, or refused with their path' {
        # Only \\?\ creates and opens such files.
        $names = 'good.txt', 'x', 'x.', 'x ', 'nul', 'con.txt'
        $null = New-Item "$TestDrive/odd" -ItemType Directory
        foreach ($name in $names) { [IO.File]::WriteAllText("\\?\$TestDrive\odd\$name", "content of '$name'") }
        try {
            $draft = New-Artifact odd dataset
            Add-ArtifactDirectory "$TestDrive/odd" -Artifact $draft -ErrorVariable problems -ErrorAction SilentlyContinue

            $added = @(Get-ArtifactEntry $draft | ForEach-Object EntryPath)
            $refused = @($problems.TargetObject | Split-Path -Leaf)
            $added + $refused | Sort-Object | Should -Be ($names | Sort-Object)
            $added | Should -Contain good.txt
            $added | Should -Contain x
            # No file is published with the content of another.
            if (-not $problems) {
                Publish-Artifact $draft
                foreach ($name in $names) { Get-ArtifactContent odd -LiteralPath $name | Should -Be "content of '$name'" }
            }
        }
        finally { foreach ($name in $names) { [IO.File]::Delete("\\?\$TestDrive\odd\$name") } }
    }

    It 'with an alternate stream hold the content of the file only' -Tag Stream {
        $file = New-TestFile 'streams/a.txt' content
        Set-Content -LiteralPath $file -Stream Zone.Identifier -Value '[ZoneTransfer]'
        New-Artifact streams dataset | Add-ArtifactDirectory "$TestDrive/streams" | Publish-Artifact |
            Save-Artifact -Destination "$TestDrive/no streams"

        (Get-ArtifactEntry streams).EntryPath | Should -Be a.txt
        (Get-Item "$TestDrive/no streams/a.txt" -Stream *).Stream | Should -Be ':$DATA'
        Test-Artifact streams -Path "$TestDrive/streams" -Quiet | Should -BeTrue
    }
}

Describe 'Read-only files' -Skip:$isOtherSystem {
    BeforeAll { $version = New-TestVersion readonly @{ 'a.txt' = 'a'; 'dir/b.txt' = 'b' } }

    BeforeEach {
        $out = Join-Path $TestDrive ([IO.Path]::GetRandomFileName())
        $version | Save-Artifact -Destination $out
        function Set-ReadOnly { Get-ChildItem $out -Recurse -File | ForEach-Object { $_.IsReadOnly = $true } }
    }

    It 'are added' {
        Set-ReadOnly
        New-Artifact again dataset | Add-ArtifactDirectory $out | Publish-Artifact | ForEach-Object Digest |
            Should -Be $version.Digest
    }

    It 'are restored over' {
        Set-Content "$out/a.txt" edited
        Set-ReadOnly
        Save-Artifact readonly $out

        Get-Content "$out/a.txt" | Should -Be a
        (Get-Item "$out/dir/b.txt").IsReadOnly | Should -BeTrue
        Test-Artifact readonly -Path $out -Quiet | Should -BeTrue
    }

    It 'are removed with -Clean' {
        $null = New-Item "$out/extra/c.txt", "$out/d.txt" -Force -Value extra
        Set-ReadOnly
        Save-Artifact readonly $out -Clean

        "$out/extra", "$out/d.txt" | Should -Not -Exist
    }

    It 'are replaced with their folder by -Force' {
        $null = New-Item "$out/a.txt.d/e.txt" -Force -Value extra
        Remove-Item "$out/a.txt"
        Rename-Item "$out/a.txt.d" a.txt
        Set-ReadOnly
        Save-Artifact readonly $out -Force

        Get-Content "$out/a.txt" | Should -Be a
    }

    It 'are deleted from a store' {
        $store = (New-ArtifactStore "$TestDrive/cleaned").Location
        New-Artifact gone dataset -Store $store | Add-ArtifactFile (New-TestFile gone.txt 'to be deleted') | Publish-Artifact
        $objects = @(Get-ChildItem "$store/objects" -Recurse -File)
        $objects | ForEach-Object IsReadOnly | Should -Be (, $true * $objects.Count)
        Remove-Artifact gone:v0 -Store $store -Confirm:$false
        1..2 | ForEach-Object { Optimize-ArtifactStore $store -GracePeriod 0 -Force -Confirm:$false }

        foreach ($object in $objects) { Get-ChildItem $store -Recurse -File | ForEach-Object Name | Should -Not -Contain $object.Name }
        Test-ArtifactStore $store -Quiet | Should -BeTrue
    }
}

Describe 'Open files' -Skip:$isOtherSystem {
    BeforeAll {
        $version = New-TestVersion open @{ 'a.txt' = 'a'; 'b.txt' = 'b' }
        # Opens a file as another program would.
        function Open-File([string] $Path, [IO.FileAccess] $Access, [IO.FileShare] $Share) {
            [IO.File]::Open($Path, [IO.FileMode]::Open, $Access, $Share)
        }
    }
    BeforeEach {
        $out = Join-Path $TestDrive ([IO.Path]::GetRandomFileName())
        $version | Save-Artifact -Destination $out
    }
    AfterEach { if ($handle) { $handle.Dispose() } }

    It 'are added while others read or append them' {
        $handle = Open-File "$out\a.txt" Write ReadWrite
        New-Artifact read dataset | Add-ArtifactDirectory $out | Publish-Artifact | ForEach-Object Digest |
            Should -Be $version.Digest
        Test-Artifact open -Path $out -Quiet | Should -BeTrue
    }

    It 'are reported if they are locked, and the others are added' {
        $handle = Open-File "$out\a.txt" Read None
        $draft = New-Artifact locked dataset
        Add-ArtifactDirectory $out -Artifact $draft -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.Count | Should -Be 1
        $problems[0].TargetObject | Should -Be (Join-Path $out a.txt)
        (Get-ArtifactEntry $draft).EntryPath | Should -Be b.txt
    }

    It 'are reported if they can''t be replaced, and the others are restored' {
        Set-Content "$out/a.txt" edited
        Remove-Item "$out/b.txt"
        $handle = Open-File "$out\a.txt" Read Read
        Save-Artifact open $out -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.Count | Should -BeGreaterOrEqual 1
        "$problems" | Should -BeLike '*a.txt*'
        Get-Content "$out/a.txt" | Should -Be edited
        Get-Content "$out/b.txt" | Should -Be b
        Get-ChildItem $out -Filter .artifact-* -Force | Should -BeNullOrEmpty
        $handle.Dispose()
        Save-Artifact open $out
        Test-Artifact open -Path $out -Quiet | Should -BeTrue
    }

    It 'that match are left alone' {
        $handle = Open-File "$out\a.txt" Read Read
        Save-Artifact open $out -Clean

        Test-Artifact open -Path $out -Quiet | Should -BeTrue
    }

    It 'of a store are read while it is cleaned up' {
        $store = (New-ArtifactStore "$TestDrive/busy").Location
        New-Artifact busy dataset -Store $store | Add-ArtifactFile (New-TestFile busy.txt 'still read') | Publish-Artifact
        $object = Get-ChildItem "$store/objects" -Recurse -File | Select-Object -First 1
        Remove-Artifact busy:v0 -Store $store -Confirm:$false
        $handle = Open-File $object.FullName Read 'ReadWrite, Delete'
        Optimize-ArtifactStore $store -GracePeriod 0 -Force -Confirm:$false

        $handle.Length | Should -Be $object.Length
        $handle.Dispose()
        Test-ArtifactStore $store -Quiet | Should -BeTrue
    }
}

Describe 'Junctions' -Skip:$isOtherSystem -Tag Junction {
    BeforeAll {
        $version = New-TestVersion junctions @{ 'a.txt' = 'a'; 'dir/b.txt' = 'b' }
        $null = New-TestFile 'outside/precious.txt' precious
        function New-Junction([string] $Path, [string] $Target) {
            $null = New-Item (Split-Path $Path) -ItemType Directory -Force
            $null = New-Item $Path -ItemType Junction -Value $Target
        }
    }
    BeforeEach { $out = Join-Path $TestDrive ([IO.Path]::GetRandomFileName()) }

    It 'are followed in a folder to add, and end at a parent folder' {
        $null = New-TestFile 'tree/a.txt'
        New-Junction "$TestDrive\tree\outside" "$TestDrive\outside"
        New-Junction "$TestDrive\tree\again" "$TestDrive\tree"
        $draft = New-Artifact tree dataset
        Add-ArtifactDirectory "$TestDrive/tree" -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be a.txt, outside/precious.txt
    }

    It 'are never written through' {
        New-Junction "$out\dir" "$TestDrive\outside"
        { Save-Artifact junctions $out -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
        Save-Artifact junctions $out -Force

        Get-ChildItem "$TestDrive/outside" | ForEach-Object Name | Should -Be precious.txt
        (Get-Item "$out/dir").LinkType | Should -BeNullOrEmpty
    }

    It 'are removed by -Clean without their target' {
        $version | Save-Artifact -Destination $out
        New-Junction "$out\extra" "$TestDrive\outside"
        Save-Artifact junctions $out -Clean

        "$out/extra" | Should -Not -Exist
        "$TestDrive/outside/precious.txt" | Should -Exist
    }

    It 'reach the same store, which is protected' {
        New-Junction $out $env:ARTIFACTS_STORE
        (Get-ArtifactStore $out).Id | Should -Be (Get-ArtifactStore $env:ARTIFACTS_STORE).Id
        { Save-Artifact junctions $out -Clean -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotRestorable,*'
        { New-Artifact x dataset | Add-ArtifactDirectory $out -ErrorAction Stop } | Should -Throw -ErrorId 'FolderIsStore,*'
    }

    It 'inside a store are refused' {
        $store = (New-ArtifactStore "$TestDrive/with junction").Location
        $null = [IO.Directory]::CreateDirectory("$TestDrive\objects elsewhere")
        New-Junction "$store\objects" "$TestDrive\objects elsewhere"
        { New-Artifact x dataset -Store $store | Add-ArtifactFile (New-TestFile j.txt) | Publish-Artifact -ErrorAction Stop } |
            Should -Throw -ErrorId 'StoreUnavailable,*'
    }
}
