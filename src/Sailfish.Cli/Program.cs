using Sailfish.Cli;

return await CommandLine.RunAsync(args);
