using CnnViz.Build;

try
{
    switch (args)
    {
        case ["native", var list, var folder]:
            int written = NativeLayout.LayDown(File.ReadAllLines(list).Where(line => line.Length > 0), folder);
            Console.WriteLine($"{written} native libraries written to {folder}");
            return 0;
        default:
            Console.Error.WriteLine("usage: native LIST FOLDER");
            return 2;
    }
}
catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error : {exception.Message}");
    return 1;
}
