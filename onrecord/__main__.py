"""`python -m onrecord` is the command line."""

if __name__ == "__main__":
    from onrecord.flows.commands.cli import main

    main()
