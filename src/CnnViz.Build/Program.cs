using CnnViz.Build;
using CnnViz.Build.Help;
using CnnViz.Build.Natives;

try
{
    switch (args)
    {
        case ["native", var list, var folder]:
            int written = NativeLayout.LayDown(File.ReadAllLines(list).Where(line => line.Length > 0), folder);
            Console.WriteLine($"{written} native libraries written to {folder}");
            return 0;
        case ["runtimes", var packages, var torchSharp, var libtorch, var folder, .. var runtimes]:
            new RuntimeList(packages, torchSharp, libtorch).Write(folder, runtimes);
            return 0;
        case ["fonts", var assembly, var folder]:
            FontLayout.LayDown(assembly, folder);
            return 0;
        case ["settle", var package]:
            PackageArchive.Settle(package);
            return 0;
        case ["help", var documentation, var assembly, var folder]:
            IReadOnlyList<string> problems = HelpFiles.Write(documentation, assembly, folder);
            foreach (string problem in problems)
            {
                Console.Error.WriteLine(problem);
            }

            return problems.Count == 0 ? 0 : 1;
        default:
            Console.Error.WriteLine("usage: native LIST FOLDER | runtimes PACKAGES TORCHSHARP LIBTORCH FOLDER RUNTIME… | fonts ASSEMBLY FOLDER | settle PACKAGE | help DOCSFOLDER ASSEMBLY OUTPUTFOLDER");
            return 2;
    }
}
catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or BadImageFormatException)
{
    Console.Error.WriteLine($"error : {exception.Message}");
    return 1;
}
